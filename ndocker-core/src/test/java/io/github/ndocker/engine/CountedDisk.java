package io.github.ndocker.engine;

import io.github.ndocker.erofs.Command;
import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small ext4 file system on a loop device that counts what is read of it. */
final class CountedDisk implements Closeable {
  private static final long BYTES = 96L << 20;

  /** Of the numbers of {@code /sys/block/DEVICE/stat}. */
  private static final int SECTORS_READ = 2;

  private static final int SECTOR = 512;

  private final Path path;
  private final String device;
  private boolean isMounted = true;

  private CountedDisk(Path path, String device) {
    this.path = path;
    this.device = device;
  }

  static CountedDisk make(Path path) throws IOException {
    Files.createDirectories(path);
    Path file = path.resolveSibling("disk.ext4");
    try (RandomAccessFile disk = new RandomAccessFile(file.toFile(), "rw")) {
      disk.setLength(BYTES);
    }
    Command.run("mkfs.ext4", "-q", "-E", "lazy_itable_init=0", file.toString());
    CountedDisk disk =
        new CountedDisk(path, Command.run("losetup", "-f", "--show", file.toString()).strip());
    try {
      Command.run("mount", disk.device, path.toString());
      return disk;
    } catch (IOException e) {
      Command.run("losetup", "-d", disk.device);
      throw e;
    }
  }

  Path path() {
    return path;
  }

  /** What was in memory of its files is not any more. */
  void mountAgain() throws IOException {
    Command.run("umount", path.toString());
    isMounted = false;
    Command.run("mount", device, path.toString());
    isMounted = true;
  }

  long readBytes() throws IOException {
    Path stat = Path.of("/sys/block", device.substring("/dev/".length()), "stat");
    List<String> numbers = List.of(Files.readString(stat).strip().split("\\s+", -1));
    return Long.parseLong(numbers.get(SECTORS_READ)) * SECTOR;
  }

  @Override
  public void close() throws IOException {
    try {
      if (isMounted) {
        Command.run("umount", path.toString());
      }
    } finally {
      Command.run("losetup", "-d", device);
    }
  }
}
