package io.github.ndocker.rootfs;

import io.github.ndocker.linux.DirectoryTree;
import io.github.ndocker.linux.ExtendedAttributes;
import io.github.ndocker.linux.ProjectQuota;
import io.github.ndocker.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/** The directories of one overlay's writable layer. */
record WritableLayer(Path directory) {
  Path upper() {
    return directory.resolve("upper");
  }

  Path work() {
    return directory.resolve("work");
  }

  static WritableLayer create(Path directory, OptionalLong bytes) throws IOException {
    WritableLayer layer = new WritableLayer(PrivateDirectory.createNew(directory));
    boolean complete = false;
    try {
      if (bytes.isPresent()) {
        // first: only what is made in it afterwards counts
        layer.limit(bytes.getAsLong());
      }
      Files.createDirectory(layer.upper());
      Files.createDirectory(layer.work());
      complete = true;
      return layer;
    } finally {
      if (!complete) {
        layer.delete();
      }
    }
  }

  private void limit(long bytes) throws IOException {
    try (ProjectQuota quota = ProjectQuota.of(directory)) {
      quota.limit(bytes);
    } catch (SystemCallException e) {
      throw new MountException(
          "cannot limit a writable layer to "
              + bytes
              + " bytes: the file system of "
              + directory
              + " keeps no project quotas ("
              + e.getMessage()
              + "); mount it with prjquota, or set no limit",
          e);
    }
  }

  /** Overlayfs shows the upper directory's own attributes at the root: make them the image's. */
  void adoptRoot(Path image) throws IOException {
    for (String attribute : List.of("unix:uid", "unix:gid")) {
      Files.setAttribute(upper(), attribute, Files.getAttribute(image, attribute));
    }
    ExtendedAttributes.copy(image, upper());
    Files.setAttribute(upper(), "unix:mode", Files.getAttribute(image, "unix:mode"));
    Files.setLastModifiedTime(upper(), Files.getLastModifiedTime(image));
  }

  void delete() throws IOException {
    if (Files.isDirectory(directory)) {
      try (ProjectQuota quota = ProjectQuota.of(directory)) {
        quota.release();
      }
      DirectoryTree.delete(directory);
    }
  }
}
