package io.github.ndocker.linux;

import java.io.IOException;

/** A system call failed. */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  /** The process lacks a privilege. */
  public static final int EPERM = 1;

  /** No such process, file or device: the call's object is already gone. */
  public static final int ENOENT = 2;

  /** The process may not use the file. */
  public static final int EACCES = 13;

  /** The kernel wants a block device where it was given a file. */
  public static final int ENOTBLK = 15;

  /** The kernel does not have the file system. */
  public static final int ENODEV = 19;

  /** The mount or device is in use. */
  public static final int EBUSY = 16;

  /** Not a mount point, or the kernel does not know the option. */
  public static final int EINVAL = 22;

  /** The kernel does not have the system call. */
  public static final int ENOSYS = 38;

  /** The file system does not do that. */
  public static final int EOPNOTSUPP = 95;

  /** There is no such device. */
  public static final int ENXIO = 6;

  static final int ESRCH = 3;
  static final int EAGAIN = 11;
  static final int EFBIG = 27;
  static final int EINTR = 4;

  /** What the kernel answered. */
  private final int errno;

  SystemCallException(String call, int errno) {
    super(call + ": " + LibC.strerror(errno));
    this.errno = errno;
  }

  SystemCallException(String call, int errno, String kernelSays) {
    super(
        call + ": " + LibC.strerror(errno) + (kernelSays.isEmpty() ? "" : " (" + kernelSays + ")"));
    this.errno = errno;
  }

  /**
   * The kernel's error number.
   *
   * @return errno
   */
  public int errno() {
    return errno;
  }
}
