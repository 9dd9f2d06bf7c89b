package io.github.ndocker.engine;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;

/** A workload of which there is no profile. */
public final class NotTracedException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /**
   * Names the workload.
   *
   * @param reference the image
   * @param workload the workload
   */
  public NotTracedException(ImageReference reference, String workload) {
    super(
        "there is no profile of workload '"
            + workload
            + "' of "
            + reference
            + "; trace a start first");
  }
}
