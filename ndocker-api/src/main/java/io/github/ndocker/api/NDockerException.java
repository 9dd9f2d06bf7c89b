package io.github.ndocker.api;

import java.io.IOException;

/**
 * A failure a caller can act on. The message says what was expected, what was found, and what to
 * do.
 */
public class NDockerException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure without another one behind it.
   *
   * @param message what was expected, what was found, what to do
   */
  public NDockerException(String message) {
    super(message);
  }

  /**
   * A failure that another one caused.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what happened underneath
   */
  public NDockerException(String message, Throwable cause) {
    super(message, cause);
  }
}
