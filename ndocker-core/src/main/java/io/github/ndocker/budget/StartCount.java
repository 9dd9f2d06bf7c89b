package io.github.ndocker.budget;

/**
 * How often an image has been started lately: a count in which a start weighs half as much after
 * every half-life. Immutable.
 *
 * @param weight the sum of the starts' weights at that time
 * @param at when, on the clock of the {@link StartCounts} it comes from
 */
public record StartCount(double weight, long at) {
  /**
   * Checks the weight.
   *
   * @throws IllegalArgumentException if it is negative, infinite, or no number
   */
  public StartCount {
    if (!(weight >= 0) || Double.isInfinite(weight)) {
      throw new IllegalArgumentException("a count of starts of " + weight);
    }
  }

  /** The weight at another time; a time before this one counts as this one. */
  double weightAt(long now, long halfLife) {
    // subtracted as doubles: two times may lie further apart than a long can say
    double elapsed = Math.max(0, (double) now - at);
    return weight * StrictMath.pow(0.5, elapsed / halfLife);
  }
}
