package io.github.ndocker.hotfile;

import io.github.ndocker.api.NDockerException;

/** A document that is no profile, or not one of a version this library reads. */
public final class MalformedProfileException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong with it.
   *
   * @param message what was expected, what was found, what to do
   */
  public MalformedProfileException(String message) {
    super(message);
  }

  /**
   * Says what is wrong with it.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what the parser said
   */
  public MalformedProfileException(String message, Throwable cause) {
    super(message, cause);
  }
}
