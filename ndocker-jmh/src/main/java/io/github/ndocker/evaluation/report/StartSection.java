package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.List;
import java.util.Locale;

/** Cold starts and warm starts, image by image. */
final class StartSection {
  private final DeviceMeasurements device;

  StartSection(DeviceMeasurements device) {
    this.device = device;
  }

  void write(Markdown report) {
    List<Series> all = device.series(Kind.COLD_START);
    all.forEach(series -> writeCold(report, series));
    all.forEach(series -> writeWarm(report, series));
  }

  private void writeCold(Markdown report, Series series) {
    Metric seconds = new Metric(device, series, Quantity.COLD_START);
    if (seconds.isEmpty()) {
      return;
    }
    String title = series.title();
    report.heading(3, title.substring(0, 1).toUpperCase(Locale.ROOT) + title.substring(1));
    report.paragraph("Seconds.");
    new ImageTable(seconds).write(report);
    Metric reads = new Metric(device, series, Quantity.SLOW_READS);
    if (!reads.isEmpty()) {
      report.paragraph("Reads of the slow device during these starts, median:");
      new ImageTable(reads).write(report);
    }
  }

  private void writeWarm(Markdown report, Series series) {
    Metric seconds = new Metric(device, series, Quantity.WARM_START);
    if (!seconds.isEmpty()) {
      report.heading(3, "Warm start, " + series.setting());
      report.paragraph("Seconds, right after a cold start.");
      new ImageTable(seconds).write(report);
    }
  }
}
