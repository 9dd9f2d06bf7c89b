package io.github.ndocker.engine;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;

/**
 * An image shall be deployed from somewhere else than its registry under a name whose images must
 * be signed: signatures are looked for in the registry only.
 */
public final class UntrustedSourceException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** The image. */
  private final transient ImageReference reference;

  /**
   * Names the image.
   *
   * @param reference the name that has a policy
   */
  public UntrustedSourceException(ImageReference reference) {
    super(
        reference
            + " is refused: the policy wants it signed by a trusted key, which is looked for in its"
            + " registry only; deploy it under another name, or have another policy");
    this.reference = reference;
  }

  /**
   * The image.
   *
   * @return the name that has a policy
   */
  public ImageReference reference() {
    return reference;
  }
}
