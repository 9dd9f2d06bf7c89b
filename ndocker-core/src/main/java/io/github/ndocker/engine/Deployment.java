package io.github.ndocker.engine;

import io.github.ndocker.image.ImageReference;
import java.time.Duration;
import java.util.Objects;

/**
 * What one deployment did. Immutable. Times count from the first request.
 *
 * @param reference the image
 * @param download until the last byte had arrived (the paper's T_D); zero if nothing had to be
 *     downloaded
 * @param total until the image was ready to start, and durable as far as its tiers are (T_total)
 * @param fastBytes bytes of the image's layers on the fast tier at the end
 * @param imageBytes bytes of all its layers, uncompressed
 * @param durable false if a layer lies on a tier that does not survive a power cut, and would have
 *     to be fetched again after one
 */
public record Deployment(
    ImageReference reference,
    Duration download,
    Duration total,
    long fastBytes,
    long imageBytes,
    boolean durable) {
  /** Checks that nothing is missing. */
  public Deployment {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(download, "download");
    Objects.requireNonNull(total, "total");
  }

  /**
   * How long the image took to become ready after its last byte had arrived.
   *
   * @return the difference
   */
  public Duration storeAfterDownload() {
    return total.minus(download);
  }
}
