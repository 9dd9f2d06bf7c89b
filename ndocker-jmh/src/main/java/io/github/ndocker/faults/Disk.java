package io.github.ndocker.faults;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.host.HostCommand;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A small ext4 file system on a loop device over a file. Closing removes it. */
final class Disk implements Closeable {
  private final Path file;
  private final Path root;
  private boolean mounted;
  private boolean off;

  private Disk(Path file, Path root) {
    this.file = file;
    this.root = root;
  }

  /**
   * Makes one.
   *
   * @param memory for the file and the mount point
   * @param name of both
   * @param bytes its size
   * @param options more of them for mkfs.ext4
   */
  static Disk create(Path memory, String name, long bytes, String... options) throws IOException {
    Disk disk = new Disk(memory.resolve(name + ".img"), memory.resolve(name));
    boolean created = false;
    try {
      HostCommand.run("truncate", "--size", "" + bytes, disk.file.toString());
      List<String> format =
          new ArrayList<>(
              List.of("mkfs.ext4", "-q", "-E", "lazy_itable_init=0,lazy_journal_init=0"));
      format.addAll(List.of(options));
      format.add(disk.file.toString());
      HostCommand.run(format);
      Files.createDirectory(disk.root);
      disk.mount();
      created = true;
      return disk;
    } finally {
      if (!created) {
        disk.remove();
      }
    }
  }

  Path root() {
    return root;
  }

  private void mount() throws IOException {
    HostCommand.run("mount", "-o", "loop", file.toString(), root.toString());
    mounted = true;
  }

  /** Who still uses it, or has it in a mount namespace that was copied, uses it on its own. */
  private void unmount() throws IOException {
    if (!mounted) {
      return;
    }
    try {
      HostCommand.run("umount", root.toString());
    } catch (NDockerException e) {
      HostCommand.run("umount", "--lazy", root.toString());
    }
    mounted = false;
  }

  /** Everything so far is on the medium. */
  void sync() throws IOException {
    HostCommand.run("sync", "--file-system", root.toString());
  }

  /** From now on nothing gets to the medium. */
  void cutPower() throws IOException {
    off = true;
    PowerSwitch.cut(root);
  }

  /** Whether nothing can be done with it until it has started again. */
  boolean isOff() {
    return off;
  }

  /**
   * Mounts it again: after a power cut the journal is replayed. Nothing of it is in memory, because
   * it is a copy of the medium: the file system itself may live on elsewhere.
   */
  void startAgain() throws IOException {
    if (!off) {
      sync();
    }
    unmount();
    copy(file, spare());
    Files.move(spare(), file, StandardCopyOption.REPLACE_EXISTING);
    mount();
    off = false;
  }

  /** What lies behind this byte can be neither read nor written until {@link #mend}. */
  void breakFrom(long position) throws IOException {
    copy(file, spare());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(position);
    }
  }

  /** The medium is whole again, and as it was. */
  void mend() throws IOException {
    unmount();
    Files.move(spare(), file, StandardCopyOption.REPLACE_EXISTING);
    mount();
  }

  private static void copy(Path from, Path to) throws IOException {
    HostCommand.run("cp", "--sparse=always", from.toString(), to.toString());
  }

  private Path spare() {
    return file.resolveSibling(file.getFileName() + ".spare");
  }

  @Override
  public void close() throws IOException {
    unmount();
    remove();
  }

  private void remove() throws IOException {
    Files.deleteIfExists(root);
    Files.deleteIfExists(file);
    Files.deleteIfExists(spare());
  }
}
