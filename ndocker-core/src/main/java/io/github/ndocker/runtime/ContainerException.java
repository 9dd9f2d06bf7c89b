package io.github.ndocker.runtime;

import io.github.ndocker.api.NDockerException;

/**
 * A container could not be started or did not become ready. The message holds the end of its
 * output.
 */
public final class ContainerException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what went wrong.
   *
   * @param message what was expected, what was found, what to do
   */
  public ContainerException(String message) {
    super(message);
  }

  /**
   * Says what went wrong underneath.
   *
   * @param message what was expected, what was found, what to do
   * @param cause what happened
   */
  public ContainerException(String message, Throwable cause) {
    super(message, cause);
  }
}
