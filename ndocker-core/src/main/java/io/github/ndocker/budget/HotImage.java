package io.github.ndocker.budget;

import io.github.ndocker.api.ChainId;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * An image whose hot ranges are known, as a candidate for the fast tier. Immutable.
 *
 * @param image which
 * @param segments its hot ranges, at least one; an image is faster only when all of them are on the
 *     fast tier
 * @param secondsSaved by how much a start is faster then, in seconds; 0 to 10<sup>9</sup>
 * @param expectedStarts how many starts are expected ({@link StartCounts#expected}); 0 to
 *     10<sup>12</sup>
 * @param pinned whether it is on the fast tier whatever its value
 */
public record HotImage(
    ChainId image,
    List<HotSegment> segments,
    double secondsSaved,
    double expectedStarts,
    boolean pinned) {
  private static final double MOST_SECONDS = 1e9;
  private static final double MOST_STARTS = 1e12;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if there is no segment, one is there twice, or a number is out
   *     of its range, infinite or no number
   */
  public HotImage {
    Objects.requireNonNull(image, "image");
    segments = List.copyOf(segments);
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("image " + image + " has no hot ranges");
    }
    Set<String> ids = new HashSet<>();
    for (HotSegment segment : segments) {
      if (!ids.add(segment.id())) {
        throw new IllegalArgumentException(
            "image " + image + " has segment " + segment.id() + " twice");
      }
    }
    // written so that NaN fails
    if (!(secondsSaved >= 0 && secondsSaved <= MOST_SECONDS)) {
      throw new IllegalArgumentException("image " + image + " saves " + secondsSaved + " s");
    }
    if (!(expectedStarts >= 0 && expectedStarts <= MOST_STARTS)) {
      throw new IllegalArgumentException("image " + image + ": " + expectedStarts + " starts");
    }
  }

  /**
   * What it is worth to have the image on the fast tier.
   *
   * @return expected starts × seconds saved, in seconds
   */
  public double seconds() {
    return expectedStarts * secondsSaved;
  }

  /** Of all segments, shared or not; overflow is the caller's to exclude. */
  long bytes() {
    return segments.stream().mapToLong(HotSegment::bytes).sum();
  }
}
