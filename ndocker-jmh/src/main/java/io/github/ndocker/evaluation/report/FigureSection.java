package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** The paper's figures 4 to 8. */
final class FigureSection {
  private static final List<Figure> FIGURES =
      List.of(
          new Figure("4: deployment until durable", "figure-4-deployment", Quantity.DEPLOYMENT),
          new Figure("4, as users see it: pull", "figure-4-pull", Quantity.PULL),
          new Figure(
              "5: bytes on the fast device after deployment",
              "figure-5-fast-bytes",
              Quantity.FAST_BYTES_DEPLOYED),
          new Figure("6: storing after the last byte", "figure-6-storing", Quantity.STORING),
          new Figure("7: cold start", "figure-7-cold-start", Quantity.COLD_START),
          new Figure(
              "8: bytes on the fast device after promotion",
              "figure-8-fast-bytes",
              Quantity.FAST_BYTES_STEADY));

  private final DeviceMeasurements device;
  private final Path directory;

  FigureSection(DeviceMeasurements device, Path directory) {
    this.device = device;
    this.directory = directory;
  }

  void write(Markdown report) throws IOException {
    if (FIGURES.stream().allMatch(this::isEmpty)) {
      return;
    }
    report.heading(3, "The paper's figures");
    report.paragraph(
        "Where an arm lacks images of a category its cell says how many it has, and does not"
            + " compare with the others of its row.");
    CategorySection section = new CategorySection(device, directory);
    for (Figure figure : FIGURES) {
      for (String network : networks(figure)) {
        section.write(
            report, "Figure " + figure.title(), figure.name(), figure.quantity(), network);
      }
    }
  }

  private boolean isEmpty(Figure figure) {
    return networks(figure).stream()
        .allMatch(network -> Metric.ofFigure(device, figure.quantity(), network).isEmpty());
  }

  private List<String> networks(Figure figure) {
    return figure.quantity().kind() == Kind.DEPLOYMENT ? device.networks() : List.of("");
  }

  private record Figure(String title, String name, Quantity quantity) {}
}
