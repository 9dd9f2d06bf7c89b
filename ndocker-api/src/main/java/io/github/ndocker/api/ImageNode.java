package io.github.ndocker.api;

import java.util.Objects;

/**
 * What an image has under one path. Immutable.
 *
 * @param kind what it is
 * @param size bytes of a regular file; 0 for anything else
 * @param executable whether anybody may execute it
 * @param linkTarget what a symbolic link says; empty for anything else
 * @param inode a number that all names of one file share, and no other file of the image has
 * @param layer position of the layer that it comes from, 0 for the bottom one
 */
public record ImageNode(
    Kind kind, long size, boolean executable, String linkTarget, int inode, int layer) {
  /** What a path may name. */
  public enum Kind {
    /** A file with bytes. */
    FILE,
    /** A directory. */
    DIRECTORY,
    /** A symbolic link. */
    LINK,
    /** A device, or a named pipe. */
    OTHER
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public ImageNode {
    Objects.requireNonNull(kind, "kind");
    Objects.requireNonNull(linkTarget, "linkTarget");
    if (size < 0 || layer < 0) {
      throw new IllegalArgumentException("a file of " + size + " bytes in layer " + layer);
    }
  }
}
