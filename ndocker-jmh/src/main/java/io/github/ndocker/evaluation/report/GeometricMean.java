package io.github.ndocker.evaluation.report;

import java.util.Collection;

/** The mean of ratios, and of times of images that differ by orders of magnitude. */
final class GeometricMean {
  /**
   * A shorter time counts as this one: storing after the last byte may take no time at all, which
   * has no logarithm, and below a millisecond clocks and schedulers are measured.
   */
  static final double SHORTEST_SECONDS = 0.001;

  private GeometricMean() {}

  /** Of one number or more, all positive. */
  static double of(Collection<Double> numbers) {
    return Math.exp(
        numbers.stream().mapToDouble(Math::log).average().orElseThrow(AssertionError::new));
  }

  /** A time that has a logarithm. */
  static double countable(double seconds) {
    return Math.max(seconds, SHORTEST_SECONDS);
  }
}
