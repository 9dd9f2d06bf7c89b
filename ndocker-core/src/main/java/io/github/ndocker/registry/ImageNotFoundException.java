package io.github.ndocker.registry;

import io.github.ndocker.image.ImageReference;

/** The registry answers, but holds no such image. */
public final class ImageNotFoundException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /** What was asked for. */
  private final transient ImageReference reference;

  /**
   * Names the image.
   *
   * @param reference what was asked for
   * @param action what was being done
   */
  public ImageNotFoundException(ImageReference reference, String action) {
    super(
        reference.registry(),
        action,
        404,
        "the registry holds no " + reference + "; check its name and tag");
    this.reference = reference;
  }

  /**
   * What was asked for.
   *
   * @return the reference
   */
  public ImageReference reference() {
    return reference;
  }
}
