package io.github.ndocker.evaluation.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/**
 * How two arms compare, image by image: the ratio of the medians, of those images that both have.
 *
 * @param byImage none if no image has both
 */
record Ratios(Map<String, Double> byImage) {
  /** Of a metric that is a time. */
  static Ratios ofTimes(Metric metric, String numerator, String denominator) {
    List<String> images = metric.images();
    Map<String, Double> denominators = metric.medians(images, denominator);
    Map<String, Double> ratios = new LinkedHashMap<>();
    metric
        .medians(images, numerator)
        .forEach(
            (image, median) -> {
              Double other = denominators.get(image);
              if (other != null) {
                ratios.put(image, GeometricMean.countable(median) / GeometricMean.countable(other));
              }
            });
    return new Ratios(ratios);
  }

  boolean isEmpty() {
    return byImage.isEmpty();
  }

  int count() {
    return byImage.size();
  }

  double geometricMean() {
    return GeometricMean.of(byImage.values());
  }

  Entry<String, Double> smallest() {
    return byImage.entrySet().stream().min(Entry.comparingByValue()).orElseThrow();
  }

  Entry<String, Double> largest() {
    return byImage.entrySet().stream().max(Entry.comparingByValue()).orElseThrow();
  }
}
