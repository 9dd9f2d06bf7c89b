package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * What a host knows of the starts of an image, beside its profiles. Immutable.
 *
 * @param image the chain ID of the image's layers
 * @param weight a count of its starts that decays with time, at least 0
 * @param at when the count was that, in milliseconds since 1970
 * @param pinned whether its hot packs stay whatever they are worth
 * @param secondsSaved by how much its start is faster with hot packs, in seconds, if the host has
 *     said so; at least 0
 */
public record StartsRecord(
    ChainId image, double weight, long at, boolean pinned, OptionalDouble secondsSaved) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative, infinite or no number
   */
  public StartsRecord {
    Objects.requireNonNull(image, "image");
    requireNumber(weight, image);
    if (secondsSaved.isPresent()) {
      requireNumber(secondsSaved.getAsDouble(), image);
    }
  }

  private static void requireNumber(double number, ChainId image) {
    // written so that NaN fails
    if (!(number >= 0) || Double.isInfinite(number)) {
      throw new IllegalArgumentException("the number " + number + " of image " + image);
    }
  }

  /** What notices a bit that flips in the row. */
  String checksum() {
    return RowChecksum.of(
        List.of(
            image.toString(),
            Double.toString(weight),
            Long.toString(at),
            Boolean.toString(pinned),
            secondsSaved.isPresent() ? Double.toString(secondsSaved.getAsDouble()) : ""));
  }
}
