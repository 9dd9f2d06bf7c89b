package io.github.ndocker.linux;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The C library functions behind the classes of this package, on 64-bit Linux.
 *
 * <p>Those that glibc has learned only lately go through {@code syscall}; their numbers are the
 * same on every architecture (they were assigned after the tables were unified).
 */
final class LibC {
  static final int AT_FDCWD = -100;
  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CLOEXEC = 0x80000;

  static final long SYS_MOVE_MOUNT = 429;
  static final long SYS_FSOPEN = 430;
  static final long SYS_FSCONFIG = 431;
  static final long SYS_FSMOUNT = 432;

  static {
    Native.register(
        LibC.class,
        NativeLibrary.getInstance("c", Map.of(Library.OPTION_STRING_ENCODING, "UTF-8")));
  }

  private LibC() {}

  static native int open(String path, int flags, int mode);

  static native int close(int fd);

  static native long read(int fd, byte[] buffer, long length);

  static native int ioctl(int fd, long request, Pointer argument);

  static native int ioctl(int fd, long request, long argument);

  static native int umount2(String target, int flags);

  static native Pointer mmap(
      @Nullable Pointer address, long length, int protection, int flags, int fd, long offset);

  static native int munmap(Pointer address, long length);

  static native int mincore(Pointer address, long length, byte[] residency);

  static native int fanotify_init(int flags, int eventFlags);

  static native int fanotify_mark(int group, int flags, long mask, int directory, String path);

  static native String strerror(int errno);

  static native int poll(Pointer descriptors, long count, int timeoutMillis);

  static native int unshare(int flags);

  static native int setns(int fd, int type);

  static native int socket(int domain, int type, int protocol);

  /** fsopen(fsname, flags). */
  static native long syscall(long number, String filesystem, int flags);

  /** fsconfig(fd, command, key, value, aux). */
  static native long syscall(
      long number, int fd, int command, @Nullable String key, @Nullable String value, int aux);

  /** fsmount(fd, flags, attributes). */
  static native long syscall(long number, int fd, int flags, int attributes);

  /** move_mount(fromFd, fromPath, toFd, toPath, flags). */
  static native long syscall(
      long number, int fromFd, String fromPath, int toFd, String toPath, int flags);

  /** openat2(directoryFd, path, how, size). */
  static native long syscall(long number, int directoryFd, String path, Pointer how, long size);

  /** The result of a call that says -1 when it failed. */
  static int check(String call, long result) throws SystemCallException {
    if (result == -1) {
      throw new SystemCallException(call, Native.getLastError());
    }
    return Math.toIntExact(result);
  }
}
