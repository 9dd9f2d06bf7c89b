package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import java.util.Objects;

/**
 * A hot pack that an image is served from. Immutable.
 *
 * @param pack its digest
 * @param location where it lies
 * @param usedBytes bytes of it that are the image's; other images with the same layers may use the
 *     same ones, and others
 */
public record HotPackPlace(Digest pack, BlobLocation location, long usedBytes) {
  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public HotPackPlace {
    Objects.requireNonNull(pack, "pack");
    Objects.requireNonNull(location, "location");
    if (usedBytes < 0) {
      throw new IllegalArgumentException(usedBytes + " bytes of a pack");
    }
  }

  /** Used bytes on the fast tier. */
  long fastBytes() {
    return location.isWhollyOn(Tier.FAST) ? usedBytes : 0;
  }
}
