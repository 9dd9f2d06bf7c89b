package io.github.ndocker.api;

import java.util.Objects;

/**
 * One layer of an image, as its manifest and configuration describe it. Immutable.
 *
 * @param position 0 for the bottom layer, counting up
 * @param compressed digest of the layer as the registry serves it
 * @param compressedBytes size of the layer as the registry serves it, in bytes
 * @param diffId digest of the uncompressed tar
 */
public record Layer(int position, Digest compressed, long compressedBytes, DiffId diffId) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if a number is negative
   */
  public Layer {
    Objects.requireNonNull(compressed, "compressed");
    Objects.requireNonNull(diffId, "diffId");
    if (position < 0 || compressedBytes < 0) {
      throw new IllegalArgumentException("layer " + position + " of " + compressedBytes + " bytes");
    }
  }
}
