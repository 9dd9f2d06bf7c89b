package io.github.ndocker.prediction;

import io.github.ndocker.api.ImageNode;

/**
 * A path of the image without links, and what is there. Immutable.
 *
 * @param path absolute, without symbolic links or dots
 * @param node what is there; no link
 */
record Located(String path, ImageNode node) {
  boolean isFile() {
    return node.kind() == ImageNode.Kind.FILE;
  }

  boolean isDirectory() {
    return node.kind() == ImageNode.Kind.DIRECTORY;
  }

  /** The last component. */
  String name() {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  /** The directory that it is in; of the root directory itself. */
  String directory() {
    return parent(path);
  }

  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }
}
