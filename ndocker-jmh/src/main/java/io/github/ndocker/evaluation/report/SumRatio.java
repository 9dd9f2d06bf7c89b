package io.github.ndocker.evaluation.report;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the bytes of two arms compare: the sum over the images that both have, divided.
 *
 * @param ratio of the sums of medians
 * @param images how many images have both
 */
record SumRatio(double ratio, int images) {
  /** Empty if no image has both or the denominator is nothing. */
  static Optional<SumRatio> of(Metric metric, String numerator, String denominator) {
    List<String> images = metric.images();
    Map<String, Double> numerators = metric.medians(images, numerator);
    Map<String, Double> denominators = metric.medians(images, denominator);
    numerators.keySet().retainAll(denominators.keySet());
    denominators.keySet().retainAll(numerators.keySet());
    double below = sum(denominators);
    return below == 0
        ? Optional.empty()
        : Optional.of(new SumRatio(sum(numerators) / below, numerators.size()));
  }

  private static double sum(Map<String, Double> medians) {
    return medians.values().stream().mapToDouble(Double::doubleValue).sum();
  }
}
