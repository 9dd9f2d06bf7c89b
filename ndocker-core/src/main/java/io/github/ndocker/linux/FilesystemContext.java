package io.github.ndocker.linux;

import com.sun.jna.Native;
import java.io.Closeable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A file system that is being configured, then created, then mounted: {@code fsopen(2)}, {@code
 * fsconfig(2)}, {@code fsmount(2)}, {@code move_mount(2)}.
 *
 * <p>Unlike {@code mount(2)} this way has no limit of 4,095 bytes on all options together and no
 * meaning for commas or colons in them, and the kernel says in words what it did not like. One
 * option's value is limited to 255 bytes.
 */
public final class FilesystemContext implements Closeable {
  /** Longest option value that {@code fsconfig} takes, in bytes. */
  public static final int MAX_VALUE_BYTES = 255;

  private static final int FSOPEN_CLOEXEC = 1;
  private static final int FSMOUNT_CLOEXEC = 1;
  private static final int FSCONFIG_SET_FLAG = 0;
  private static final int FSCONFIG_SET_STRING = 1;
  private static final int FSCONFIG_CMD_CREATE = 6;

  private final String filesystem;
  private final Descriptor context;

  /**
   * Begins to configure a file system.
   *
   * @param filesystem its type, such as {@code erofs}
   * @throws SystemCallException if the kernel does not know the type or refuses
   */
  public FilesystemContext(String filesystem) throws SystemCallException {
    this.filesystem = filesystem;
    this.context =
        new Descriptor(
            LibC.check(
                "fsopen " + filesystem, LibC.syscall(LibC.SYS_FSOPEN, filesystem, FSOPEN_CLOEXEC)));
  }

  /**
   * Sets an option that has a value.
   *
   * @param key the option
   * @param value at most {@link #MAX_VALUE_BYTES} bytes
   * @throws SystemCallException if the kernel does not take it
   */
  public void set(String key, String value) throws SystemCallException {
    configure(FSCONFIG_SET_STRING, key, value);
  }

  /**
   * Sets an option that has no value.
   *
   * @param key the option
   * @throws SystemCallException if the kernel does not take it
   */
  public void set(String key) throws SystemCallException {
    configure(FSCONFIG_SET_FLAG, key, null);
  }

  /**
   * Makes the superblock.
   *
   * @throws SystemCallException if the kernel cannot, with its reason
   */
  public void create() throws SystemCallException {
    configure(FSCONFIG_CMD_CREATE, null, null);
  }

  /**
   * Makes a mount of the created file system.
   *
   * @param attributes {@code DetachedMount.MOUNT_ATTR_...}, or-ed
   * @return the mount, to be closed by the caller
   * @throws SystemCallException if the kernel cannot
   */
  public DetachedMount mount(int attributes) throws SystemCallException {
    long fd = LibC.syscall(LibC.SYS_FSMOUNT, context.number(), FSMOUNT_CLOEXEC, attributes);
    if (fd == -1) {
      throw failure("fsmount " + filesystem);
    }
    return new DetachedMount(new Descriptor(Math.toIntExact(fd)));
  }

  /**
   * Attaches the created file system to a directory.
   *
   * @param directory an existing directory
   * @param attributes as there
   * @throws SystemCallException if the kernel cannot
   */
  public void mount(Path directory, int attributes) throws SystemCallException {
    try (DetachedMount mount = mount(attributes)) {
      mount.attach(directory);
    }
  }

  @Override
  public void close() {
    context.close();
  }

  private void configure(int command, @Nullable String key, @Nullable String value)
      throws SystemCallException {
    if (LibC.syscall(LibC.SYS_FSCONFIG, context.number(), command, key, value, 0) == -1) {
      throw failure(
          "fsconfig "
              + filesystem
              + (key == null ? "" : " " + key)
              + (value == null ? "" : "=" + value));
    }
  }

  /** The error of the last call, with what the kernel wrote to the context's log. */
  private SystemCallException failure(String call) {
    int errno = Native.getLastError();
    StringBuilder log = new StringBuilder();
    byte[] line = new byte[1024];
    for (long n = read(line); n > 0; n = read(line)) {
      log.append(log.length() == 0 ? "" : "; ")
          .append(new String(line, 0, (int) n, java.nio.charset.StandardCharsets.UTF_8).strip());
    }
    return new SystemCallException(call, errno, log.toString());
  }

  private long read(byte[] line) {
    return LibC.read(context.number(), line, line.length);
  }
}
