package io.github.ndocker.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Detaches mounts. */
public final class Mounts {
  private static final int UMOUNT_NOFOLLOW = 8;
  private static final int MNT_DETACH = 2;
  private static final long MS_RDONLY = 1;
  private static final long MS_REMOUNT = 32;
  private static final long MS_BIND = 4096;
  private static final long MS_PRIVATE = 1 << 18;

  private static final Path STATUS = Path.of("/proc/thread-self/status");
  private static final String EFFECTIVE = "CapEff:";
  private static final int CAP_SYS_ADMIN = 21;

  private Mounts() {}

  /**
   * What this process lacks to mount anything.
   *
   * @return a sentence for a person; empty if nothing is missing as far as can be told without
   *     trying
   */
  public static Optional<String> obstacle() {
    String system = System.getProperty("os.name", "");
    if (!system.equals("Linux")) {
      return Optional.of("mounting needs Linux; this is " + system);
    }
    try {
      // of this thread: to the kernel, privileges belong to threads
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith(EFFECTIVE)) {
          long effective = Long.parseUnsignedLong(line.substring(EFFECTIVE.length()).strip(), 16);
          return (effective >>> CAP_SYS_ADMIN & 1) == 0
              ? Optional.of("mounting needs root (CAP_SYS_ADMIN)")
              : Optional.empty();
        }
      }
    } catch (IOException e) {
      // without /proc the kernel itself will say so
    }
    return Optional.empty();
  }

  /**
   * Shows a directory in another place too, read-only there.
   *
   * @param directory what to show, without what is mounted below it
   * @param place an existing directory
   * @throws SystemCallException if the kernel refuses; nothing is mounted then
   */
  public static void bindReadOnly(Path directory, Path place) throws SystemCallException {
    LibC.check(
        "bind " + directory + " to " + place,
        LibC.mount(directory.toString(), place.toString(), null, MS_BIND, null));
    try {
      LibC.check(
          "remount " + place,
          LibC.mount(null, place.toString(), null, MS_REMOUNT | MS_BIND | MS_RDONLY, null));
    } catch (SystemCallException e) {
      detach(place);
      throw e;
    }
  }

  /**
   * Keeps what is mounted below a mount from showing in other mount namespaces, and the other way
   * round.
   *
   * @param directory the mount point
   * @throws SystemCallException if it is none
   */
  public static void makePrivate(Path directory) throws SystemCallException {
    LibC.check(
        "make " + directory + " private",
        LibC.mount(null, directory.toString(), null, MS_PRIVATE, null));
  }

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
