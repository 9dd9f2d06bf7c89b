package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** One quantity of one series on one device. */
record Metric(DeviceMeasurements device, Predicate<Measurement> series, Quantity quantity) {
  /** What a figure shows of a quantity: of deployments over a network, or of the cold starts. */
  static Metric ofFigure(DeviceMeasurements device, Quantity quantity, String network) {
    if (quantity == Quantity.FAST_BYTES_STEADY) {
      // a property of the image in the arm: any measurement of it may tell it
      return new Metric(device, DeviceMeasurements::isOfOneImage, quantity);
    }
    return new Metric(
        device,
        quantity.kind() == Kind.DEPLOYMENT ? Series.deployment(network) : Series.COLD_START,
        quantity);
  }

  Optional<Sample> sample(String image, String arm) {
    return device.sample(series, image, arm, quantity);
  }

  /** Whether nothing of it was measured. */
  boolean isEmpty() {
    return arms().isEmpty();
  }

  /** The arms that have it for any image. */
  List<String> arms() {
    List<String> images = imagesOfSeries();
    return device.arms().stream()
        .filter(arm -> images.stream().anyMatch(image -> sample(image, arm).isPresent()))
        .toList();
  }

  /** The images that have it in any arm. */
  List<String> images() {
    List<String> arms = device.arms();
    return imagesOfSeries().stream()
        .filter(image -> arms.stream().anyMatch(arm -> sample(image, arm).isPresent()))
        .toList();
  }

  /** The images for which the arm has it, with its median. */
  Map<String, Double> medians(List<String> images, String arm) {
    Map<String, Double> medians = new LinkedHashMap<>();
    for (String image : images) {
      sample(image, arm).ifPresent(sample -> medians.put(image, sample.median()));
    }
    return medians;
  }

  private List<String> imagesOfSeries() {
    return device.all().stream().filter(series).map(Measurement::image).distinct().toList();
  }
}
