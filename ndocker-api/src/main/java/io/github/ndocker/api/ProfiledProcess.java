package io.github.ndocker.api;

import java.util.Objects;

/**
 * An executable that a traced start ran. Immutable.
 *
 * @param executable its path as the container names it
 * @param parent the index of what started it, in the list it is in; {@link #OUTSIDE} if that was
 *     nothing of the container, or is not known
 */
public record ProfiledProcess(String executable, int parent) {
  /** The parent of a container's first process. */
  public static final int OUTSIDE = -1;

  /**
   * Checks both.
   *
   * @throws IllegalArgumentException if there is no path, or the parent is no index
   */
  public ProfiledProcess {
    Objects.requireNonNull(executable, "executable");
    if (executable.isEmpty() || parent < OUTSIDE) {
      throw new IllegalArgumentException("executable '" + executable + "' of parent " + parent);
    }
  }
}
