package io.github.ndocker.rootfs;

import java.nio.file.Path;
import java.util.List;

/**
 * What an EROFS superblock is made of. Immutable.
 *
 * @param tree a file name of its own for what it shows: the same for all metadata of one image,
 *     wherever that says the bytes are
 * @param metadata the metadata image, on a file system that has a page cache of its own (not tmpfs)
 * @param devices the files its device table names, in the table's order
 * @param readAhead whether the kernel may read ahead within files; false where hot ranges lie among
 *     cold ones, because it would read on from a hot range into a cold one
 */
public record ErofsSource(String tree, Path metadata, List<Path> devices, boolean readAhead) {
  /** Copies the list. */
  public ErofsSource {
    devices = List.copyOf(devices);
    if (tree.isEmpty() || tree.indexOf('/') >= 0 || tree.startsWith(".")) {
      throw new IllegalArgumentException("'" + tree + "' is no name for a tree");
    }
  }

  /**
   * A source whose tree is called as its metadata is.
   *
   * @param metadata the metadata image
   * @param devices the files its device table names
   * @param readAhead whether the kernel may read ahead within files
   */
  public ErofsSource(Path metadata, List<Path> devices, boolean readAhead) {
    this(String.valueOf(metadata.getFileName()), metadata, devices, readAhead);
  }

  /**
   * The same, with read-ahead as told.
   *
   * @param may whether the kernel may read ahead within files
   * @return a copy
   */
  public ErofsSource withReadAhead(boolean may) {
    return new ErofsSource(tree, metadata, devices, may);
  }
}
