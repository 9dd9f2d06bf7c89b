package io.github.ndocker.evaluation.report;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What an evaluation came to, for people: {@code report.md}, and beside it each chart as PNG and
 * SVG. Needs neither a network nor a display.
 */
public final class EvaluationReport {
  private final Results results;

  /** A report of these results. */
  public EvaluationReport(Results results) {
    this.results = results;
  }

  /** Makes the report of kept results again. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length != 2) {
      System.err.println("two arguments: a results.json, and the directory of the report");
      System.exit(2);
    }
    new EvaluationReport(Results.read(Path.of(arguments[0]))).write(Path.of(arguments[1]));
  }

  /** Writes the report; what else is in the directory stays, files of the same names do not. */
  public void write(Path directory) throws IOException {
    if (System.getProperty("java.awt.headless") == null) {
      // drawing fonts would look for a display if the environment names one
      System.setProperty("java.awt.headless", "true");
    }
    Files.createDirectories(directory);
    Markdown report = new Markdown();
    List<DeviceMeasurements> devices = DeviceMeasurements.of(results);
    new HeadSection(results.host(), devices).write(report);
    new UncountedSection(devices).write(report);
    for (DeviceMeasurements device : devices) {
      report.heading(2, "Slow device " + device.device());
      new PaperSection(device).write(report);
      new HotFileSection(device).write(report);
      new FigureSection(device, directory).write(report);
      new StartSection(device).write(report);
      new ReadySection(device, directory).write(report);
      new StreamingSection(device).write(report);
      new ManyStartsSection(device).write(report);
    }
    new HostSection(results).write(report);
    ReplacedFile.write(
        directory.resolve("report.md"), report.toString().getBytes(StandardCharsets.UTF_8));
  }
}
