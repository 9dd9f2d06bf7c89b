package io.github.ndocker.rootfs;

import java.util.Arrays;
import java.util.Optional;

/**
 * How the kernel gets at the tree of an image, from the best way to the one that works anywhere.
 * One mount is made in one way.
 */
public enum RootfsWay {
  /**
   * EROFS over regular files, read through the page cache. Needs Linux 6.12, and metadata on a file
   * system that has a page cache of its own (ext4, XFS, Btrfs; not tmpfs).
   */
  EROFS_FILES("EROFS over files"),
  /**
   * EROFS over read-only loop devices, which the kernel releases after the last unmount. Slower.
   * Needs Linux 6.4.
   */
  EROFS_LOOP_DEVICES("EROFS over loop devices"),
  /**
   * A directory that the tree is unpacked into, once for all containers of an image: on any Linux
   * with overlayfs. It is a copy beside the blobs, outside of all budgets, and knows no tiers: the
   * first start waits until all of it is written. What its file system cannot keep ends in an
   * exception: ext4 takes 65,000 links to a file and 4 KiB of extended attributes (and cuts times
   * to the years from 1901 to 2446).
   */
  DIRECTORIES("an unpacked directory");

  private final String words;

  RootfsWay(String words) {
    this.words = words;
  }

  static Optional<RootfsWay> named(String name) {
    return Arrays.stream(values()).filter(way -> way.name().equals(name)).findFirst();
  }

  /** For messages. */
  String words() {
    return words;
  }
}
