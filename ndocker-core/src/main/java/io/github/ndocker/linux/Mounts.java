package io.github.ndocker.linux;

import java.nio.file.Path;

/** Detaches mounts. */
public final class Mounts {
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int MNT_DETACH = 2;

  private Mounts() {}

  /**
   * Unmounts the topmost mount on a directory.
   *
   * @param directory the mount point; a symbolic link is not followed
   * @throws SystemCallException if it is busy or no mount point
   */
  public static void unmount(Path directory) throws SystemCallException {
    LibC.check("umount " + directory, LibC.umount2(directory.toString(), UMOUNT_NOFOLLOW));
  }

  /**
   * Takes the topmost mount on a directory out of the tree at once; the kernel ends it when its
   * last user is gone.
   *
   * @param directory the mount point; a symbolic link is not followed
   * @throws SystemCallException if it is no mount point
   */
  public static void detach(Path directory) throws SystemCallException {
    LibC.check(
        "umount " + directory, LibC.umount2(directory.toString(), UMOUNT_NOFOLLOW | MNT_DETACH));
  }
}
