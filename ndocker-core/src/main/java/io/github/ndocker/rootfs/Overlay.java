package io.github.ndocker.rootfs;

import io.github.ndocker.linux.DetachedMount;
import io.github.ndocker.linux.FilesystemContext;
import io.github.ndocker.linux.Mounts;
import io.github.ndocker.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Overlayfs over the tree of an image.
 *
 * @param lower the tree
 * @param writable the layer over it, if it can be written to
 * @param selinuxContext the label of everything in it
 * @param devices whether device nodes in it are devices
 */
record Overlay(
    Path lower,
    Optional<WritableLayer> writable,
    Optional<String> selinuxContext,
    boolean devices) {
  /** Two of them and a colon are one value. */
  private static final int PLAIN_BYTES = 120;

  /**
   * Mounts it.
   *
   * @param empty an empty directory: without a writable layer, overlayfs wants two others
   */
  void mount(Path root, Path empty) throws IOException {
    int attributes = devices ? 0 : DetachedMount.MOUNT_ATTR_NODEV;
    try (FilesystemContext overlay = new FilesystemContext("overlay");
        MountPath image = new MountPath(lower, PLAIN_BYTES);
        MountPath below = new MountPath(empty, PLAIN_BYTES)) {
      overlay.set("source", "overlay");
      if (selinuxContext.isPresent()) {
        label(overlay, selinuxContext.get());
      }
      // what a layer's diff can say: no renamed directories by reference, no files without their
      // data
      overlay.set("redirect_dir", "off");
      overlay.set("metacopy", "off");
      if (writable.isEmpty()) {
        overlay.set("lowerdir", image.option() + ":" + below.option());
        overlay.create();
        overlay.mount(root, attributes | DetachedMount.MOUNT_ATTR_RDONLY);
      } else {
        overlay.set("lowerdir", image.option());
        try (MountPath upper = new MountPath(writable.get().upper());
            MountPath work = new MountPath(writable.get().work())) {
          overlay.set("upperdir", upper.option());
          overlay.set("workdir", work.option());
          overlay.create();
        }
        overlay.mount(root, attributes);
      }
      Mounts.makePrivate(root);
    } catch (SystemCallException e) {
      throw e.errno() == SystemCallException.ENODEV
          ? new MountException("this kernel has no overlayfs", e)
          : e;
    }
  }

  private static void label(FilesystemContext overlay, String context) throws IOException {
    try {
      overlay.set("context", context);
    } catch (SystemCallException e) {
      throw new MountException(
          "the label '"
              + context
              + "' is not taken: "
              + e.getMessage()
              + "; has this host SELinux?",
          e);
    }
  }
}
