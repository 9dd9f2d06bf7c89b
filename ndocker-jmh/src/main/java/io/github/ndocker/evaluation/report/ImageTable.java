package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Quantity.Unit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;

/** Metrics image by image: images down, arms across. */
final class ImageTable {
  private static final String BASE = "all-fast";

  private final String first;
  private final Map<String, Metric> metrics;
  private final boolean relative;
  private final List<String> arms;

  /**
   * Several metrics, each with a row for each image.
   *
   * @param first what the first column names
   * @param metrics by what is said of a row after the image's name; of one quantity
   * @param relative whether to say how many times the seconds of {@code all-fast} a cell is
   */
  ImageTable(String first, Map<String, Metric> metrics, boolean relative) {
    this.first = first;
    this.metrics = new LinkedHashMap<>(metrics);
    this.relative = relative;
    this.arms =
        Names.ARMS.sorted(
            metrics.values().stream().flatMap(metric -> metric.arms().stream()).toList());
  }

  ImageTable(Metric metric) {
    this("image", Map.of("", metric), false);
  }

  void write(Markdown report) {
    List<String> head = new ArrayList<>();
    head.add(first);
    head.addAll(arms);
    List<List<String>> rows = new ArrayList<>();
    List<String> images =
        metrics.values().stream().flatMap(m -> m.images().stream()).distinct().toList();
    for (String image : images) {
      for (Entry<String, Metric> metric : metrics.entrySet()) {
        if (metric.getValue().images().contains(image)) {
          rows.add(row(image + metric.getKey(), arm -> cell(metric.getValue(), image, arm)));
        }
      }
    }
    for (Entry<String, Metric> metric : metrics.entrySet()) {
      if (images.size() > 1 && metric.getValue().quantity().unit() == Unit.SECONDS) {
        rows.add(row("**geometric mean**" + metric.getKey(), arm -> mean(metric.getValue(), arm)));
      }
    }
    report.table(head, rows);
  }

  private List<String> row(String name, Cells cells) {
    List<String> row = new ArrayList<>();
    row.add(name);
    arms.forEach(arm -> row.add(cells.of(arm)));
    return row;
  }

  private String cell(Metric metric, String image, String arm) {
    return metric
        .sample(image, arm)
        .map(
            sample ->
                metric.quantity().unit() == Unit.SECONDS
                    ? Numbers.seconds(sample) + timesBase(metric, List.of(image), arm)
                    : Numbers.count(sample.median()))
        .orElse("");
  }

  private String mean(Metric metric, String arm) {
    List<String> images = metric.images();
    List<Double> medians =
        metric.medians(images, arm).values().stream().map(GeometricMean::countable).toList();
    if (medians.isEmpty()) {
      return "";
    }
    return Numbers.seconds(GeometricMean.of(medians))
        + timesBase(metric, images, arm)
        + (medians.size() == images.size()
            ? ""
            : " (%d of %d)".formatted(medians.size(), images.size()));
  }

  private String timesBase(Metric metric, List<String> images, String arm) {
    if (!relative) {
      return "";
    }
    Map<String, Double> ratios = new LinkedHashMap<>(Ratios.ofTimes(metric, arm, BASE).byImage());
    ratios.keySet().retainAll(images);
    return ratios.isEmpty() ? "" : ", " + Numbers.times(GeometricMean.of(ratios.values()));
  }

  private interface Cells {
    String of(String arm);
  }
}
