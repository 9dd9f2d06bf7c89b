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
  static final int O_CREAT = 0x40;
  static final int O_EXCL = 0x80;
  static final int O_CLOEXEC = 0x80000;
  static final int O_PATH = 0x20_0000;
  static final int MFD_CLOEXEC = 1;

  // the same on every architecture but for these two, which 64-bit ARM has the other way round
  static final int O_DIRECTORY = isArm() ? 0x4000 : 0x10000;
  static final int O_NOFOLLOW = isArm() ? 0x8000 : 0x20000;

  static final long SYS_OPEN_TREE = 428;
  static final long SYS_MOVE_MOUNT = 429;
  static final long SYS_FSOPEN = 430;
  static final long SYS_FSCONFIG = 431;
  static final long SYS_FSMOUNT = 432;
  static final long SYS_MOUNT_SETATTR = 442;
  static final long SYS_QUOTACTL_FD = 443;

  static {
    Native.register(
        LibC.class,
        NativeLibrary.getInstance("c", Map.of(Library.OPTION_STRING_ENCODING, "UTF-8")));
  }

  private LibC() {}

  static native int open(String path, int flags, int mode);

  static native int close(int fd);

  static native long read(int fd, byte[] buffer, long length);

  static native long pread(int fd, Pointer buffer, long length, long offset);

  static native int posix_fadvise(int fd, long offset, long length, int advice);

  static native int ioctl(int fd, long request, Pointer argument);

  static native int ioctl(int fd, long request, long argument);

  static native int mount(
      @Nullable String source,
      String target,
      @Nullable String type,
      long flags,
      @Nullable Pointer options);

  static native int umount2(String target, int flags);

  // names below a directory: bytes that end with a zero, as names are no text

  static native int openat(int directory, byte[] name, int flags, int mode);

  static native int mkdirat(int directory, byte[] name, int mode);

  static native int mknodat(int directory, byte[] name, int mode, long device);

  static native int symlinkat(byte[] target, int directory, byte[] name);

  static native int linkat(int fromDirectory, byte[] from, int toDirectory, byte[] to, int flags);

  static native int fchownat(int directory, byte[] name, int uid, int gid, int flags);

  static native int fchmodat(int directory, byte[] name, int mode, int flags);

  static native int utimensat(int directory, byte[] name, Pointer times, int flags);

  static native int lsetxattr(byte[] path, byte[] name, byte[] value, long size, int flags);

  static native long lgetxattr(byte[] path, byte[] name, byte[] value, long size);

  static native long llistxattr(byte[] path, byte[] list, long size);

  static native long lseek(int fd, long offset, int whence);

  static native int syncfs(int fd);

  static native Pointer mmap(
      @Nullable Pointer address, long length, int protection, int flags, int fd, long offset);

  static native int munmap(Pointer address, long length);

  static native int madvise(Pointer address, long length, int advice);

  static native int mincore(Pointer address, long length, byte[] residency);

  static native int fanotify_init(int flags, int eventFlags);

  static native int fanotify_mark(int group, int flags, long mask, int directory, String path);

  static native String strerror(int errno);

  static native int poll(Pointer descriptors, long count, int timeoutMillis);

  static native int unshare(int flags);

  static native int setns(int fd, int type);

  static native int socket(int domain, int type, int protocol);

  static native int memfd_create(String name, int flags);

  /** fsopen(fsname, flags). */
  static native long syscall(long number, String filesystem, int flags);

  /** fsconfig(fd, command, key, value, aux). */
  static native long syscall(
      long number, int fd, int command, @Nullable String key, @Nullable String value, int aux);

  /** fsmount(fd, flags, attributes). */
  static native long syscall(long number, int fd, int flags, int attributes);

  /** open_tree(directory, path, flags). */
  static native long syscall(long number, int directory, String path, int flags);

  /** mount_setattr(fd, path, flags, attributes, size). */
  static native long syscall(
      long number, int fd, String path, int flags, Pointer attributes, long size);

  /** quotactl_fd(fd, command, id, address). */
  static native long syscall(long number, int fd, int command, int id, Pointer address);

  /** move_mount(fromFd, fromPath, toFd, toPath, flags). */
  static native long syscall(
      long number, int fromFd, String fromPath, int toFd, String toPath, int flags);

  private static boolean isArm() {
    return System.getProperty("os.arch", "").equals("aarch64");
  }

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
