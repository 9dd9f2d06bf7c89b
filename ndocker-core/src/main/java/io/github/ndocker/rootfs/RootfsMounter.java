package io.github.ndocker.rootfs;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.linux.FilesystemContext;
import io.github.ndocker.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * Mounts root filesystems: EROFS for the image, overlayfs for the writable layer. Needs root.
 * Thread-safe.
 *
 * <p>An exception leaves no mount, loop device or directory behind.
 */
public final class RootfsMounter {
  private final Path directory;
  private final Backing backing;

  /**
   * Chooses where mount points are made.
   *
   * @param directory for mount points; made if missing
   * @param backing how the kernel reaches the files
   */
  public RootfsMounter(Path directory, Backing backing) {
    this.directory = directory.toAbsolutePath();
    this.backing = backing;
  }

  /**
   * Mounts an image.
   *
   * @param name a name no other mount of this directory has; a plain file name
   * @param source the image
   * @param writable where the writable layer goes: a directory of this mount's own is made in it,
   *     and removed with the mount
   * @param listener hears of the superblock before it can be used
   * @return the mounted root filesystem, to be closed by the caller
   * @throws MountException if the kernel refuses, with its reason
   * @throws IOException if a directory cannot be made, or from the listener
   */
  public RootFilesystem mount(
      String name, ErofsSource source, Path writable, SuperblockListener listener)
      throws IOException {
    Path own = privateDirectory(directory).resolve(name);
    Path layer = privateDirectory(writable.toAbsolutePath()).resolve(name);
    Files.createDirectory(own);
    WritableLayer upper;
    try {
      upper = WritableLayer.create(layer);
    } catch (IOException e) {
      // a directory of that name is somebody else's: it stays
      Files.delete(own);
      throw e;
    }
    RootFilesystem mounted = new RootFilesystem(own, upper);
    try {
      Files.createDirectory(mounted.image());
      Files.createDirectory(mounted.root());
      ErofsMount.mount(source, backing, mounted.image(), listener);
      upper.adoptRoot(mounted.image());
      mountOverlay(mounted, upper);
      return mounted;
    } catch (NDockerException | RuntimeException e) {
      closeAfter(e, mounted);
      throw e;
    } catch (IOException e) {
      closeAfter(e, mounted);
      throw new MountException(
          "cannot mount " + source.metadata() + ": " + e.getMessage() + advice(e), e);
    }
  }

  private static String advice(IOException failure) {
    if (!(failure instanceof SystemCallException refused)) {
      return "";
    }
    return switch (refused.errno()) {
      case SystemCallException.EPERM -> "; mounting needs root";
      case SystemCallException.ENODEV -> "; this kernel has no EROFS or no overlayfs";
      case SystemCallException.ENOTBLK ->
          "; this kernel mounts no EROFS image that is a file there: put it on ext4 or xfs, or use loop devices";
      default -> "";
    };
  }

  private static void closeAfter(Exception failure, RootFilesystem mounted) {
    try {
      mounted.close();
    } catch (IOException again) {
      failure.addSuppressed(again);
    }
  }

  private static void mountOverlay(RootFilesystem mounted, WritableLayer layer) throws IOException {
    try (FilesystemContext overlay = new FilesystemContext("overlay");
        MountPath lower = new MountPath(mounted.image());
        MountPath upper = new MountPath(layer.upper());
        MountPath work = new MountPath(layer.work())) {
      overlay.set("source", "overlay");
      overlay.set("lowerdir", lower.option());
      overlay.set("upperdir", upper.option());
      overlay.set("workdir", work.option());
      // what a layer's diff can say: no renamed directories by reference, no files without their
      // data
      overlay.set("redirect_dir", "off");
      overlay.set("metacopy", "off");
      overlay.create();
      overlay.mount(mounted.root(), 0);
    }
  }

  private static Path privateDirectory(Path path) throws IOException {
    return Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }
}
