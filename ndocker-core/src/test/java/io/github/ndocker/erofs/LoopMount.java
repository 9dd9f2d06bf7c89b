package io.github.ndocker.erofs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** A metadata image and its devices, mounted over loop devices until closed. */
public final class LoopMount implements Closeable {
  private final List<String> loops = new ArrayList<>();
  private final Path directory;
  private boolean mounted;

  private LoopMount(Path directory) {
    this.directory = directory;
  }

  /** Skips the test where nothing can be mounted. */
  public static void assumePossible() {
    Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "mounting a file system needs root");
    Assumptions.assumeTrue(
        Files.exists(Path.of("/dev/loop-control")), "this machine has no loop devices");
  }

  /** Mounts; undoes what it did if that fails. */
  public static LoopMount mount(Path image, List<Path> devices, Path directory) throws IOException {
    LoopMount mount = new LoopMount(Files.createDirectories(directory));
    try {
      String primary = mount.loop(image);
      StringBuilder options = new StringBuilder("ro");
      for (Path device : devices) {
        options.append(",device=").append(mount.loop(device));
      }
      Command.run("mount", "-t", "erofs", "-o", options.toString(), primary, directory.toString());
      mount.mounted = true;
      return mount;
    } catch (IOException e) {
      mount.close();
      throw e;
    }
  }

  /** Where it is mounted. */
  public Path directory() {
    return directory;
  }

  private String loop(Path file) throws IOException {
    String loop = Command.run("losetup", "-r", "-f", "--show", file.toString()).strip();
    loops.add(loop);
    return loop;
  }

  @Override
  public void close() throws IOException {
    if (mounted) {
      Command.run("umount", directory.toString());
      mounted = false;
    }
    for (String loop : loops) {
      Command.run("losetup", "-d", loop);
    }
    loops.clear();
  }
}
