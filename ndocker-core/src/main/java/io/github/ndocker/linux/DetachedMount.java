package io.github.ndocker.linux;

import com.sun.jna.Memory;
import java.io.Closeable;
import java.nio.file.Path;

/**
 * A mount that no directory shows yet ({@code fsmount(2)}, {@code open_tree(2)}). Closing it before
 * it is attached ends it.
 */
public final class DetachedMount implements Closeable {
  /** Mount attribute: read-only. */
  public static final int MOUNT_ATTR_RDONLY = 1;

  /** Mount attribute: device nodes in the tree are not devices. */
  public static final int MOUNT_ATTR_NODEV = 4;

  private static final int MOUNT_ATTR_IDMAP = 0x0010_0000;
  private static final int OPEN_TREE_CLONE = 1;
  private static final int OPEN_TREE_CLOEXEC = LibC.O_CLOEXEC;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
  private static final int ATTRIBUTES_BYTES = 32;
  private static final int USER_NAMESPACE_OFFSET = 24;

  private final Descriptor mount;

  DetachedMount(Descriptor mount) {
    this.mount = mount;
  }

  /**
   * A second mount of what a directory shows, without what is mounted below it.
   *
   * @param directory any directory
   * @return the mount, to be closed by the caller
   * @throws SystemCallException if the kernel refuses
   */
  public static DetachedMount cloneOf(Path directory) throws SystemCallException {
    return new DetachedMount(
        new Descriptor(
            LibC.check(
                "open_tree " + directory,
                LibC.syscall(
                    LibC.SYS_OPEN_TREE,
                    LibC.AT_FDCWD,
                    directory.toString(),
                    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC))));
  }

  /**
   * Shows its files with other owners (Linux 5.12, for the file systems that allow it).
   *
   * @param namespace whose map says which
   * @throws SystemCallException if the kernel or the file system does not
   */
  public void mapIds(UserNamespace namespace) throws SystemCallException {
    try (Memory attributes = new Memory(ATTRIBUTES_BYTES)) {
      attributes.clear();
      attributes.setLong(0, MOUNT_ATTR_IDMAP);
      attributes.setLong(USER_NAMESPACE_OFFSET, namespace.descriptor().number());
      LibC.check(
          "mount_setattr with an ID map",
          LibC.syscall(
              LibC.SYS_MOUNT_SETATTR,
              mount.number(),
              "",
              AT_EMPTY_PATH,
              attributes,
              ATTRIBUTES_BYTES));
    }
  }

  /**
   * Lets a directory show it, in this process's mount namespace.
   *
   * @param directory an existing directory
   * @throws SystemCallException if the kernel refuses
   */
  public void attach(Path directory) throws SystemCallException {
    LibC.check(
        "move_mount to " + directory,
        LibC.syscall(
            LibC.SYS_MOVE_MOUNT,
            mount.number(),
            "",
            LibC.AT_FDCWD,
            directory.toString(),
            MOVE_MOUNT_F_EMPTY_PATH));
  }

  @Override
  public void close() {
    mount.close();
  }
}
