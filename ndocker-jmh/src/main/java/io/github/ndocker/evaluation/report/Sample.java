package io.github.ndocker.evaluation.report;

import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * What the repetitions of one measurement came to.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param min the smallest
 * @param max the largest
 * @param count how many
 */
public record Sample(double median, double min, double max, int count) {
  /** Of these numbers; empty if there are none. */
  public static Optional<Sample> of(DoubleStream numbers) {
    double[] sorted = numbers.sorted().toArray();
    if (sorted.length == 0) {
      return Optional.empty();
    }
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return Optional.of(new Sample(median, sorted[0], sorted[sorted.length - 1], sorted.length));
  }
}
