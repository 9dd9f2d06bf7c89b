package io.github.ndocker.llpl;

import io.github.ndocker.api.NDockerException;
import java.nio.file.Path;

/** There is a pool of another version of this library, which this one does not touch. */
public final class UnsupportedPoolException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** The file. */
  private final transient Path pool;

  /**
   * Says what was found.
   *
   * @param pool the file
   * @param found what it is
   */
  public UnsupportedPoolException(Path pool, String found) {
    super(pool + " " + found + "; move it away, and deploy the images again");
    this.pool = pool;
  }

  /**
   * The file.
   *
   * @return its path
   */
  public Path pool() {
    return pool;
  }
}
