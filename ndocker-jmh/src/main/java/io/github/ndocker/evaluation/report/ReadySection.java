package io.github.ndocker.evaluation.report;

import java.io.IOException;
import java.nio.file.Path;

/** From the first request to the readiness of the first container. */
final class ReadySection {
  private final DeviceMeasurements device;
  private final Path directory;

  ReadySection(DeviceMeasurements device, Path directory) {
    this.device = device;
    this.directory = directory;
  }

  void write(Markdown report) throws IOException {
    for (String network : device.networks()) {
      Metric metric = Metric.ofFigure(device, Quantity.PULL_TO_READY, network);
      if (!metric.isEmpty()) {
        report.heading(3, "Pull to ready, network " + network);
        report.paragraph("Seconds from the first request to the readiness of the first container.");
        new ImageTable(metric).write(report);
        new CategorySection(device, directory)
            .write(
                report,
                "Pull to ready by category",
                "pull-to-ready",
                Quantity.PULL_TO_READY,
                network);
      }
    }
  }
}
