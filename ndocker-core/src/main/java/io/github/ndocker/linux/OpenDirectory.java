package io.github.ndocker.linux;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A directory in which files are made by single names, so that whatever a name says, nothing is
 * made elsewhere: each call takes one component, follows no symbolic link, and fails if there is
 * something of that name. Names are bytes; one that is empty, {@code .}, {@code ..}, or has a slash
 * or a zero byte is refused before the kernel sees it.
 */
public final class OpenDirectory implements Closeable {
  private static final int S_IFREG = 0100000;
  private static final int PRIVATE_DIRECTORY = 0700;
  private static final int PRIVATE_FILE = 0600;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int TIMESPEC_BYTES = 16;

  private final Descriptor descriptor;

  private OpenDirectory(Descriptor descriptor) {
    this.descriptor = descriptor;
  }

  /**
   * Opens a directory.
   *
   * @param path which; not a symbolic link
   * @return the directory, to be closed by the caller
   * @throws SystemCallException if the kernel refuses
   */
  public static OpenDirectory open(Path path) throws SystemCallException {
    return new OpenDirectory(Descriptor.openDirectory(path));
  }

  /**
   * Makes a directory in it that only its owner may enter.
   *
   * @param name one component
   * @return the new directory, to be closed by the caller
   * @throws IOException if the name is none, or the kernel refuses
   */
  public OpenDirectory makeDirectory(byte[] name) throws IOException {
    byte[] checked = checked(name);
    check("mkdir", name, LibC.mkdirat(descriptor.number(), checked, PRIVATE_DIRECTORY));
    return new OpenDirectory(openAt(name, checked, LibC.O_DIRECTORY, 0));
  }

  /**
   * Makes an empty regular file in it that only its owner may read.
   *
   * @param name one component
   * @return the file, open for reading and writing, to be closed by the caller
   * @throws IOException if the name is none, or the kernel refuses
   */
  public Descriptor makeFile(byte[] name) throws IOException {
    return openAt(
        name, checked(name), LibC.O_RDWR | LibC.O_CREAT | LibC.O_EXCL, S_IFREG | PRIVATE_FILE);
  }

  private Descriptor openAt(byte[] name, byte[] checked, int flags, int mode)
      throws SystemCallException {
    int fd =
        LibC.openat(
            descriptor.number(), checked, flags | LibC.O_NOFOLLOW | LibC.O_CLOEXEC, mode & 07777);
    return new Descriptor(check("open", name, fd));
  }

  /**
   * Makes a symbolic link in it.
   *
   * @param name one component
   * @param target any bytes but zero
   * @throws IOException if the name is none, or the kernel refuses
   */
  public void makeSymlink(byte[] name, byte[] target) throws IOException {
    byte[] checked = checked(name);
    check("symlink", name, LibC.symlinkat(ended(target), descriptor.number(), checked));
  }

  /**
   * Makes a FIFO or a device node in it.
   *
   * @param name one component
   * @param type the bits of {@code S_IFMT}
   * @param major number of a device, else 0
   * @param minor number of a device, else 0
   * @throws IOException if the name is none, or the kernel refuses
   */
  public void makeNode(byte[] name, int type, int major, int minor) throws IOException {
    byte[] checked = checked(name);
    check(
        "mknod",
        name,
        LibC.mknodat(descriptor.number(), checked, type | PRIVATE_FILE, device(major, minor)));
  }

  /** As glibc's {@code makedev} has it. */
  static long device(long major, long minor) {
    return (minor & 0xff) | (major & 0xfff) << 8 | (minor & ~0xffL) << 12 | (major & ~0xfffL) << 32;
  }

  /**
   * Makes another name of a file.
   *
   * @param name one component, in this directory
   * @param other the directory of the new name
   * @param newName one component
   * @throws IOException if a name is none, or the kernel refuses
   */
  public void link(byte[] name, OpenDirectory other, byte[] newName) throws IOException {
    byte[] from = checked(name);
    byte[] to = checked(newName);
    check(
        "link", newName, LibC.linkat(descriptor.number(), from, other.descriptor.number(), to, 0));
  }

  /**
   * Changes owner and group; takes away set-user-ID bits and capabilities, so do it first.
   *
   * @param name one component
   * @param uid unsigned 32 bits
   * @param gid unsigned 32 bits
   * @throws IOException if the name is none, or the kernel refuses
   */
  public void setOwner(byte[] name, int uid, int gid) throws IOException {
    byte[] checked = checked(name);
    check(
        "chown", name, LibC.fchownat(descriptor.number(), checked, uid, gid, AT_SYMLINK_NOFOLLOW));
  }

  /**
   * Changes the mode of what is not a symbolic link.
   *
   * @param name one component
   * @param mode 07777 at most
   * @throws IOException if the name is none, or the kernel refuses
   */
  public void setMode(byte[] name, int mode) throws IOException {
    byte[] checked = checked(name);
    check("chmod", name, LibC.fchmodat(descriptor.number(), checked, mode, 0));
  }

  /**
   * Changes the times of access and of modification; do it last.
   *
   * @param name one component
   * @param seconds since 1970
   * @param nanos after that
   * @throws IOException if the name is none, or the kernel refuses
   */
  public void setTime(byte[] name, long seconds, int nanos) throws IOException {
    byte[] checked = checked(name);
    try (Memory times = new Memory(2 * TIMESPEC_BYTES)) {
      for (int time = 0; time < 2; time++) {
        times.setLong((long) time * TIMESPEC_BYTES, seconds);
        times.setLong((long) time * TIMESPEC_BYTES + 8, nanos);
      }
      check(
          "utimensat",
          name,
          LibC.utimensat(descriptor.number(), checked, times, AT_SYMLINK_NOFOLLOW));
    }
  }

  /**
   * Sets an extended attribute.
   *
   * @param name one component
   * @param attribute its full name
   * @param value its bytes
   * @throws IOException if the name is none, or the kernel refuses
   */
  public void setXattr(byte[] name, byte[] attribute, byte[] value) throws IOException {
    byte[] checked = checked(name);
    byte[] place = (descriptor.path() + "/").getBytes(StandardCharsets.US_ASCII);
    byte[] path = Arrays.copyOf(place, place.length + checked.length);
    System.arraycopy(checked, 0, path, place.length, checked.length);
    check("setxattr", name, LibC.lsetxattr(path, ended(attribute), value, value.length, 0));
  }

  /**
   * Forces everything on the file system of the directory to its medium.
   *
   * @throws SystemCallException if something could not be written
   */
  public void syncFileSystem() throws SystemCallException {
    LibC.check("syncfs", LibC.syncfs(descriptor.number()));
  }

  private static int check(String call, byte[] name, int result) throws SystemCallException {
    return LibC.check(call + " " + new String(name, StandardCharsets.UTF_8), result);
  }

  private static byte[] checked(byte[] name) throws IOException {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    boolean dots = text.equals(".") || text.equals("..");
    boolean slash = false;
    for (byte octet : name) {
      slash |= octet == '/';
    }
    if (text.isEmpty() || dots || slash) {
      throw new IOException("not a file name: '" + new String(name, StandardCharsets.UTF_8) + "'");
    }
    return ended(name);
  }

  private static byte[] ended(byte[] bytes) throws IOException {
    for (byte octet : bytes) {
      if (octet == 0) {
        throw new IOException("a zero byte in '" + new String(bytes, StandardCharsets.UTF_8) + "'");
      }
    }
    return Arrays.copyOf(bytes, bytes.length + 1);
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
