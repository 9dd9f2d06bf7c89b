package io.github.ndocker.engine;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;

/** A deployment was given up because its {@link Cancellation} said so. Nothing of it is left. */
public final class DeploymentCancelledException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** The image. */
  private final transient ImageReference reference;

  /**
   * Names the image.
   *
   * @param reference what was being deployed
   */
  public DeploymentCancelledException(ImageReference reference) {
    super("the deployment of " + reference + " was cancelled");
    this.reference = reference;
  }

  /**
   * Names the image, and what ended because of it.
   *
   * @param reference what was being deployed
   * @param cause what failed after it was cancelled
   */
  public DeploymentCancelledException(ImageReference reference, Throwable cause) {
    super("the deployment of " + reference + " was cancelled", cause);
    this.reference = reference;
  }

  /**
   * What was being deployed.
   *
   * @return the reference
   */
  public ImageReference reference() {
    return reference;
  }
}
