package io.github.ndocker.evaluation.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.ChartEncoder;

/** What came out: a table, {@code report.json}, and a chart. */
final class Report {
  private static final double SHORTEST_SECONDS = 0.01;

  private final List<Result> results;

  Report(List<Result> results) {
    this.results = List.copyOf(results);
  }

  void writeJson(Path file) throws IOException {
    Files.write(
        file, new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(results));
  }

  void print(PrintStream out) throws IOException {
    for (String image : images()) {
      Result allFast = result(image, "all-fast");
      out.printf(
          Locale.ROOT,
          "%n%s: %.1f MB in %d layers; slow device: %s%n",
          image,
          allFast.imageBytes() / 1e6,
          allFast.layers(),
          allFast.device());
      out.printf(
          "%-26s %9s %9s %10s %10s  %-22s %8s %9s%n",
          "arm", "deploy", "store", "fast MB", "fast MB", "cold start", "times", "reads of");
      out.printf(
          "%-26s %9s %9s %10s %10s  %-22s %8s %9s%n",
          "", "s", "after s", "deployed", "steady", "s (min-max)", "all-fast", "slow dev");
      for (Result result : results) {
        if (result.image().equals(image)) {
          out.printf(
              Locale.ROOT,
              "%-26s %9.2f %9.2f %10.1f %10.1f  %-22s %8.2f %9d%n",
              result.arm(),
              result.deploySeconds(),
              result.storeAfterDownloadSeconds(),
              result.fastBytesDeployed() / 1e6,
              result.fastBytesSteady() / 1e6,
              String.format(
                  Locale.ROOT,
                  "%.3f (%.3f-%.3f)",
                  result.coldStartSeconds(),
                  result.coldStartMinSeconds(),
                  result.coldStartMaxSeconds()),
              result.coldStartSeconds() / allFast.coldStartSeconds(),
              result.slowReads());
        }
      }
      printRatios(out, image);
    }
  }

  private void printRatios(PrintStream out, String image) throws IOException {
    Result directories = result(image, "directories-slow");
    Result promoted = result(image, "n-docker");
    Result allFast = result(image, "all-fast");
    out.printf(
        Locale.ROOT,
        "cold start: directories-slow / n-docker = %.1f, n-docker / all-fast = %.2f;"
            + " fast bytes after promote: %.1f%% of the image%n",
        directories.coldStartSeconds() / promoted.coldStartSeconds(),
        promoted.coldStartSeconds() / allFast.coldStartSeconds(),
        100.0 * promoted.fastBytesSteady() / promoted.imageBytes());
  }

  void writeChart(Path file) throws IOException {
    CategoryChart chart =
        new CategoryChartBuilder()
            .width(900)
            .height(500)
            .title(
                "Cold start by arm (median, seconds; slow device: " + results.get(0).device() + ")")
            .yAxisTitle("seconds (logarithmic)")
            .build();
    chart.getStyler().setYAxisLogarithmic(true);
    // bars begin at 0 unless told otherwise, and a logarithmic axis has none
    chart.getStyler().setYAxisMin(SHORTEST_SECONDS);
    chart.getStyler().setYAxisDecimalPattern("0.###");
    List<String> images = images();
    for (String arm : results.stream().map(Result::arm).distinct().toList()) {
      List<Double> seconds =
          results.stream().filter(r -> r.arm().equals(arm)).map(Result::coldStartSeconds).toList();
      chart.addSeries(arm, images, seconds);
    }
    Files.write(file, ChartEncoder.getBytes(chart, "png"));
  }

  private List<String> images() {
    return results.stream().map(Result::image).distinct().toList();
  }

  private Result result(String image, String arm) throws IOException {
    return results.stream()
        .filter(result -> result.image().equals(image) && result.arm().equals(arm))
        .findFirst()
        .orElseThrow(() -> new NDockerException("no result of " + arm + " for " + image));
  }
}
