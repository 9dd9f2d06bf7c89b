package io.github.ndocker.linux;

import java.io.Closeable;
import java.nio.file.Path;

/** A file descriptor of this process. Closing twice is harmless. */
public final class Descriptor implements Closeable {
  private int fd;

  Descriptor(int fd) {
    this.fd = fd;
  }

  /**
   * Opens a file for reading.
   *
   * @param path which
   * @return the descriptor, to be closed by the caller
   * @throws SystemCallException if the kernel refuses
   */
  public static Descriptor openReadOnly(Path path) throws SystemCallException {
    return open(path, LibC.O_RDONLY);
  }

  /**
   * Opens a directory.
   *
   * @param path which; not a symbolic link
   * @return the descriptor, to be closed by the caller
   * @throws SystemCallException if the kernel refuses
   */
  public static Descriptor openDirectory(Path path) throws SystemCallException {
    return open(path, LibC.O_DIRECTORY | LibC.O_NOFOLLOW);
  }

  static Descriptor open(Path path, int flags) throws SystemCallException {
    return new Descriptor(
        LibC.check("open " + path, LibC.open(path.toString(), flags | LibC.O_CLOEXEC, 0)));
  }

  /**
   * The number.
   *
   * @return the descriptor as the kernel counts it
   * @throws IllegalStateException if it is closed
   */
  public synchronized int number() {
    if (fd < 0) {
      throw new IllegalStateException("the descriptor is closed");
    }
    return fd;
  }

  /**
   * A path that leads to the same file from any process of this PID namespace, as long as the
   * descriptor is open.
   *
   * @return {@code /proc/PID/fd/N}
   */
  public Path path() {
    return Path.of("/proc/" + ProcessHandle.current().pid() + "/fd/" + number());
  }

  @Override
  public synchronized void close() {
    if (fd >= 0) {
      // Linux frees the number whatever close answers; nothing was written through it, so no error
      // is lost
      LibC.close(fd);
      fd = -1;
    }
  }
}
