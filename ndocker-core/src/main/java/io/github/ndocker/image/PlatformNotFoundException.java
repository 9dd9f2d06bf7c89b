package io.github.ndocker.image;

import io.github.ndocker.api.NDockerException;

/** An image exists, but not for the platform that was asked for. */
public final class PlatformNotFoundException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** What was asked for. */
  private final transient Platform wanted;

  /**
   * Says what there is instead.
   *
   * @param reference the image
   * @param wanted what was asked for
   * @param offered what the image is built for, as a person reads it
   */
  public PlatformNotFoundException(ImageReference reference, Platform wanted, String offered) {
    super(reference + " is not built for " + wanted + ", only for: " + offered);
    this.wanted = wanted;
  }

  /**
   * What was asked for.
   *
   * @return the platform
   */
  public Platform wanted() {
    return wanted;
  }
}
