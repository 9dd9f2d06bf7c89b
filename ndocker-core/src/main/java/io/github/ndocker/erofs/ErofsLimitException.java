package io.github.ndocker.erofs;

import io.github.ndocker.api.NDockerException;

/** A tree has something that EROFS cannot hold. */
public final class ErofsLimitException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what does not fit.
   *
   * @param message what it is, and how much would fit
   */
  public ErofsLimitException(String message) {
    super(message);
  }
}
