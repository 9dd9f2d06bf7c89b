package io.github.ndocker.evaluation.host;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the kernel accounts for block devices, with cgroup v1 and v2. */
public final class ControlGroups {
  private static final Path TOP = Path.of("/sys/fs/cgroup");
  private static final Path BLKIO = TOP.resolve("blkio");
  private static final String PREFIX = "ndocker-";

  private ControlGroups() {}

  static boolean isUnified() {
    return !Files.isDirectory(BLKIO);
  }

  static Path top() {
    return isUnified() ? TOP : BLKIO;
  }

  /**
   * The group of this process. With v2 it has no limits if it is the topmost one, so this process
   * moves to one of its own first, which goes when the script that started it removes it.
   */
  static Path own() throws IOException {
    Path group = TOP;
    for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
      String[] fields = line.split(":", 3);
      if (isUnified() && fields[0].equals("0")) {
        group = TOP.resolve(fields[2].substring(1));
      } else if (!isUnified() && fields[1].equals("blkio")) {
        group = BLKIO.resolve(fields[2].substring(1));
      }
    }
    if (!isUnified() || String.valueOf(group.getFileName()).startsWith(PREFIX)) {
      return group;
    }
    Path own = TOP.resolve(PREFIX + ProcessHandle.current().pid());
    Files.createDirectory(own);
    // without memory the kernel does not know whose pages it writes back
    write(TOP.resolve("cgroup.subtree_control"), "+io +memory");
    write(own.resolve("cgroup.procs"), "0");
    return own;
  }

  /**
   * A new group for one container that another program starts and puts there. The program removes
   * it when the container ends.
   *
   * @param id the container's
   * @return its directory where block devices are accounted for
   */
  public static Path forContainer(String id) throws IOException {
    Path group = top().resolve(PREFIX + id);
    if (isUnified()) {
      // limits of a group above hold below: nothing to prepare
      return own().resolve(id);
    }
    return Files.createDirectory(group);
  }

  /** A group as container runtimes name it: a path below the mount of the control groups. */
  public static String name(Path group) throws NDockerException {
    if (!group.startsWith(top())) {
      throw new NDockerException(group + " is no control group of block devices");
    }
    return "/" + top().relativize(group);
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.US_ASCII));
  }
}
