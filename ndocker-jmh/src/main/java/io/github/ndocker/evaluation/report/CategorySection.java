package io.github.ndocker.evaluation.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One metric by category: a table and a chart. */
final class CategorySection {
  private final DeviceMeasurements device;
  private final Path directory;

  CategorySection(DeviceMeasurements device, Path directory) {
    this.device = device;
    this.directory = directory;
  }

  /**
   * Writes what is measured of it, nothing if that is nothing.
   *
   * @param name of the charts' files, without device and network
   * @param network of deployments, empty for others
   */
  void write(Markdown report, String title, String name, Quantity quantity, String network)
      throws IOException {
    Metric metric = Metric.ofFigure(device, quantity, network);
    if (metric.isEmpty()) {
      return;
    }
    CategoryGrid grid = new CategoryGrid(metric);
    String full = title + (network.isEmpty() ? "" : ", network " + network);
    report.heading(4, full);
    report.paragraph(
        grid.isOfTimes()
            ? "Seconds, geometric mean over the images of the category."
            : "Sum over the images of the category, metadata included, and how much that is of the"
                + " images' uncompressed layers.");
    List<String> head = new ArrayList<>();
    head.add("category (images)");
    head.addAll(grid.arms());
    report.table(head, grid.rows());
    String file = fileName(name + "-" + device.device() + (network.isEmpty() ? "" : "-" + network));
    new BarChart(full + ", slow device " + device.device(), grid).write(directory, file);
    report.paragraph("![%s](%s.png)\n\n[as SVG](%s.svg)".formatted(full, file, file));
  }

  /** Names in results may be any text. */
  private static String fileName(String name) {
    return name.replaceAll("[^A-Za-z0-9._-]", "_");
  }
}
