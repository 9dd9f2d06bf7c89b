package io.github.ndocker.api;

import java.util.Objects;

/**
 * A file that a traced start made, changed or deleted, in its writable layer. Immutable.
 *
 * @param path absolute path in the container's root file system
 * @param kind what became of it
 */
public record ProfiledChange(String path, Kind kind) {
  /** What became of a file. */
  public enum Kind {
    /** The image has nothing of that path. */
    CREATED,
    /** It was copied from the image to the writable layer, or replaced. */
    CHANGED,
    /** The image has it, the container has not any more. */
    DELETED
  }

  /**
   * Checks the path.
   *
   * @throws IllegalArgumentException if it is not absolute
   */
  public ProfiledChange {
    Objects.requireNonNull(kind, "kind");
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("not an absolute path: " + path);
    }
  }
}
