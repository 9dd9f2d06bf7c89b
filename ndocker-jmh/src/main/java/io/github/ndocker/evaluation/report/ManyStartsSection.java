package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Starts that compete for the devices: with each other, or with another reader. */
final class ManyStartsSection {
  private final DeviceMeasurements device;

  ManyStartsSection(DeviceMeasurements device) {
    this.device = device;
  }

  void write(Markdown report) {
    write(report, Kind.CONCURRENT_START, "Containers of one image at once", "image, containers");
    write(report, Kind.MIXED_START, "Different images at once", "images");
    write(report, Kind.BUSY_START, "Cold start while the slow device is busy", "image");
  }

  private void write(Markdown report, Kind kind, String title, String first) {
    List<Series> all = device.series(kind);
    for (Series setting : all.stream().map(s -> s.withConcurrency(1)).distinct().toList()) {
      List<Series> alike =
          all.stream().filter(series -> series.withConcurrency(1).equals(setting)).toList();
      Map<String, Metric> metrics = new LinkedHashMap<>();
      for (Series series : alike) {
        Metric metric = new Metric(device, series, Quantity.COLD_START);
        if (!metric.isEmpty()) {
          boolean told = kind == Kind.CONCURRENT_START || alike.size() > 1;
          metrics.put(told ? ", " + series.concurrency() : "", metric);
        }
      }
      if (!metrics.isEmpty()) {
        report.heading(3, title + ", " + setting.setting());
        report.paragraph(
            (kind == Kind.BUSY_START ? "Seconds" : "Seconds until the last one is ready")
                + ", and how many times those of `all-fast`.");
        new ImageTable(first, metrics, true).write(report);
      }
    }
  }
}
