package io.github.ndocker.evaluation.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** What was left out of every number, and what was not measured. */
final class UncountedSection {
  private static final List<String> HEAD =
      List.of("slow device", "arm", "what", "why", "images (repetitions)");

  private final List<DeviceMeasurements> devices;

  UncountedSection(List<DeviceMeasurements> devices) {
    this.devices = devices;
  }

  void write(Markdown report) {
    List<List<String>> rows = new ArrayList<>();
    for (DeviceMeasurements device : devices) {
      rows.addAll(excluded(device));
      new Gaps(device)
          .all()
          .forEach(
              gap ->
                  rows.add(
                      List.of(
                          device.device(),
                          gap.arm(),
                          gap.series().title(),
                          "not measured",
                          String.join(", ", gap.images()))));
    }
    if (!rows.isEmpty()) {
      report.heading(2, "What does not count");
      report.table(HEAD, rows);
    }
  }

  /** One row for all images that share everything else. */
  private static List<List<String>> excluded(DeviceMeasurements device) {
    Map<List<String>, Map<String, Integer>> repetitions = new LinkedHashMap<>();
    for (Measurement measurement : device.all()) {
      if (measurement.status() != Measurement.Status.MEASURED) {
        String reason =
            measurement.status().name().toLowerCase(Locale.ROOT)
                + ": "
                + Objects.requireNonNull(measurement.reason());
        repetitions
            .computeIfAbsent(
                List.of(device.device(), measurement.arm(), Series.of(measurement).title(), reason),
                row -> new LinkedHashMap<>())
            .merge(measurement.image(), 1, Integer::sum);
      }
    }
    List<List<String>> rows = new ArrayList<>();
    repetitions.forEach(
        (key, images) -> {
          List<String> row = new ArrayList<>(key);
          row.add(
              images.entrySet().stream()
                  .map(image -> "%s (%d)".formatted(image.getKey(), image.getValue()))
                  .collect(Collectors.joining(", ")));
          rows.add(row);
        });
    return rows;
  }
}
