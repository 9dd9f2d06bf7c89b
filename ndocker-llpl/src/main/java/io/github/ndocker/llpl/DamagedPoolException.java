package io.github.ndocker.llpl;

import io.github.ndocker.api.NDockerException;
import java.nio.file.Path;

/** A file is not a pool of this tier, or a damaged one. */
public final class DamagedPoolException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param pool the pool file
   * @param found what was found
   */
  public DamagedPoolException(Path pool, String found) {
    super(message(pool, found));
  }

  /**
   * Says what is wrong, and why that is known.
   *
   * @param pool the pool file
   * @param found what was found
   * @param cause what happened underneath
   */
  public DamagedPoolException(Path pool, String found, Throwable cause) {
    super(message(pool, found), cause);
  }

  private static String message(Path pool, String found) {
    return pool
        + " is not a pool of N-Docker or is damaged: "
        + found
        + "; move it away and deploy the images again";
  }
}
