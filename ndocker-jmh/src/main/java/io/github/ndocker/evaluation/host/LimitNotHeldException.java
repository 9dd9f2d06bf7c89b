package io.github.ndocker.evaluation.host;

import io.github.ndocker.api.NDockerException;

/**
 * An emulated device is faster or much slower than it should be: what is measured on it is void.
 */
public final class LimitNotHeldException extends NDockerException {
  private static final long serialVersionUID = 1;

  /** With what was measured, and what should have been. */
  public LimitNotHeldException(String message) {
    super(message);
  }
}
