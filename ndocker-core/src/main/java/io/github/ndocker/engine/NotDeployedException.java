package io.github.ndocker.engine;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;

/** An image that is not deployed on this host. */
public final class NotDeployedException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Names the image.
   *
   * @param reference what was asked for
   */
  public NotDeployedException(ImageReference reference) {
    super(reference + " is not deployed on this host; deploy it first");
  }
}
