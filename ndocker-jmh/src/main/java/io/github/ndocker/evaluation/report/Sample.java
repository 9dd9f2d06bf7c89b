package io.github.ndocker.evaluation.report;

import java.util.Optional;
import java.util.stream.DoubleStream;

/** What the repetitions of one measurement came to. */
record Sample(double median, double min, double max, int count) {
  /** Of these numbers; empty if there are none. */
  static Optional<Sample> of(DoubleStream numbers) {
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
