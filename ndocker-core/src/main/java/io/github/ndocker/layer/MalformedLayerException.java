package io.github.ndocker.layer;

import io.github.ndocker.api.NDockerException;

/**
 * A layer, or its index, is not what it claims to be, or goes beyond the limits. Nothing of it
 * should be used.
 */
public class MalformedLayerException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Says what is wrong.
   *
   * @param message what was expected and what was found
   */
  public MalformedLayerException(String message) {
    super(message);
  }

  /**
   * Says what is wrong and what found it.
   *
   * @param message what was expected and what was found
   * @param cause what happened underneath
   */
  public MalformedLayerException(String message, Throwable cause) {
    super(message, cause);
  }
}
