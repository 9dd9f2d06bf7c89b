package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What was measured with one slow device, whether it counts or not. */
final class DeviceMeasurements {
  private final String device;
  private final List<Measurement> measurements;
  private final Map<String, List<Measurement>> byImage = new LinkedHashMap<>();

  private DeviceMeasurements(String device, List<Measurement> measurements) {
    this.device = device;
    this.measurements = measurements;
    for (Measurement measurement : measurements) {
      byImage.computeIfAbsent(measurement.image(), image -> new ArrayList<>()).add(measurement);
    }
  }

  /** Of each device in these results. */
  static List<DeviceMeasurements> of(Results results) {
    List<Measurement> all = results.measurements();
    return Names.DEVICES.sorted(all.stream().map(Measurement::device).toList()).stream()
        .map(
            device ->
                new DeviceMeasurements(
                    device, all.stream().filter(m -> m.device().equals(device)).toList()))
        .toList();
  }

  /** Whether it tells something of an image alone. */
  static boolean isOfOneImage(Measurement measurement) {
    return measurement.kind() != Kind.MIXED_START && measurement.kind() != Kind.IMAGE_SET;
  }

  String device() {
    return device;
  }

  List<Measurement> all() {
    return measurements;
  }

  /** The images, in the order of measuring. */
  List<String> images() {
    return oneImage().map(Measurement::image).distinct().toList();
  }

  List<String> arms() {
    return Names.ARMS.sorted(measurements.stream().map(Measurement::arm).toList());
  }

  List<String> categories() {
    return Names.CATEGORIES.sorted(oneImage().map(Measurement::category).toList());
  }

  List<String> images(String category) {
    return oneImage()
        .filter(measurement -> measurement.category().equals(category))
        .map(Measurement::image)
        .distinct()
        .toList();
  }

  long imageBytes(String image) {
    return ofImage(image).mapToLong(Measurement::imageBytes).findFirst().orElse(0);
  }

  /** The series of a kind. */
  List<Series> series(Kind kind) {
    return measurements.stream()
        .filter(measurement -> measurement.kind() == kind)
        .map(Series::of)
        .distinct()
        .sorted(Series.ORDER)
        .toList();
  }

  List<String> networks() {
    return series(Kind.DEPLOYMENT).stream().map(Series::network).toList();
  }

  /** The repetitions that count and know the quantity. */
  Optional<Sample> sample(
      Predicate<Measurement> series, String image, String arm, Quantity quantity) {
    return Sample.of(
        ofImage(image)
            .filter(measurement -> measurement.arm().equals(arm))
            .filter(series)
            .flatMapToDouble(measurement -> quantity.of(measurement).stream()));
  }

  private Stream<Measurement> ofImage(String image) {
    return byImage.getOrDefault(image, List.of()).stream();
  }

  private Stream<Measurement> oneImage() {
    return measurements.stream().filter(DeviceMeasurements::isOfOneImage);
  }
}
