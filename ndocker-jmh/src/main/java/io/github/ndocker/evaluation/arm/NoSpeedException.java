package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.NDockerException;

/** The programs of an image cannot say how fast a device is. */
public final class NoSpeedException extends NDockerException {
  private static final long serialVersionUID = 1;

  /** With what they said. */
  public NoSpeedException(String message) {
    super(message);
  }
}
