package io.github.ndocker.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The directories of one overlay's writable layer. */
record WritableLayer(Path directory) {
  Path upper() {
    return directory.resolve("upper");
  }

  Path work() {
    return directory.resolve("work");
  }

  static WritableLayer create(Path directory) throws IOException {
    WritableLayer layer = new WritableLayer(Files.createDirectory(directory));
    try {
      Files.createDirectory(layer.upper());
      Files.createDirectory(layer.work());
      return layer;
    } catch (IOException e) {
      layer.delete();
      throw e;
    }
  }

  /** Overlayfs shows the upper directory's own attributes at the root: make them the image's. */
  void adoptRoot(Path image) throws IOException {
    for (String attribute : List.of("unix:uid", "unix:gid", "unix:mode")) {
      Files.setAttribute(upper(), attribute, Files.getAttribute(image, attribute));
    }
    Files.setLastModifiedTime(upper(), Files.getLastModifiedTime(image));
  }

  void delete() throws IOException {
    DirectoryTree.delete(directory);
  }
}
