package io.github.ndocker.store;

import io.github.ndocker.api.NDockerException;

/** The catalogue cannot be read, or holds something it cannot have been given. */
public final class DamagedCatalogueException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message what was found, what to do
   */
  public DamagedCatalogueException(String message) {
    super(message);
  }

  /**
   * Says what is wrong, and why that is known.
   *
   * @param message what was found, what to do
   * @param cause what happened underneath
   */
  public DamagedCatalogueException(String message, Throwable cause) {
    super(message, cause);
  }
}
