package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Measurement.Kind;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/** What keeping hot files on the fast device is worth, and what it takes. */
final class HotFileSection {
  private static final String ALL_FAST = "all-fast";
  private static final String ALL_SLOW = "all-slow";
  private static final String PREDICTED = "n-docker-predicted";
  private static final String NO_FAST = "n-docker-no-fast";
  private static final String READ_AHEAD = "n-docker-read-ahead";

  /** Two arms whose times are divided. */
  private record Comparison(String numerator, String denominator) {
    String text() {
      return Markdown.code(numerator) + " ÷ " + Markdown.code(denominator);
    }
  }

  private static final List<Comparison> COMPARISONS =
      List.of(
          new Comparison(HeadSection.OURS, ALL_FAST),
          new Comparison("n-docker-files", ALL_FAST),
          new Comparison(HeadSection.REFERENCE, HeadSection.OURS),
          // nobody gains more than that
          new Comparison(HeadSection.REFERENCE, ALL_FAST),
          new Comparison(ALL_SLOW, HeadSection.OURS),
          new Comparison(HeadSection.REFERENCE, PREDICTED),
          new Comparison(ALL_SLOW, PREDICTED),
          new Comparison(HeadSection.REFERENCE, NO_FAST),
          new Comparison(ALL_SLOW, NO_FAST));

  private final DeviceMeasurements device;
  private final Metric starts;
  private final Metric steady;

  HotFileSection(DeviceMeasurements device) {
    this.device = device;
    this.starts = Metric.ofFigure(device, Quantity.COLD_START, "");
    this.steady = Metric.ofFigure(device, Quantity.FAST_BYTES_STEADY, "");
  }

  /** Writes nothing if no variant of hot files was measured. */
  void write(Markdown report) {
    if (!starts.arms().contains(PREDICTED)
        && !starts.arms().contains(NO_FAST)
        && device.series(Kind.IMAGE_SET).isEmpty()) {
      return;
    }
    report.heading(3, "Hot files");
    writeComparisons(report);
    writeTogether(report);
    writeReads(report);
    writeSets(report);
    writePrediction(report);
  }

  private void writeComparisons(Markdown report) {
    List<List<String>> rows = new ArrayList<>();
    for (Comparison comparison : COMPARISONS) {
      Ratios ratios = Ratios.ofTimes(starts, comparison.numerator(), comparison.denominator());
      if (!ratios.isEmpty()) {
        rows.add(
            List.of(
                comparison.text(),
                times(ratios.geometricMean()),
                Wording.named(ratios.smallest()),
                Wording.named(ratios.largest()),
                Wording.someOf(ratios.count(), device.images().size())));
      }
    }
    if (!rows.isEmpty()) {
      report.paragraph(
          "Cold starts of single containers. `n-docker-no-fast` has its blobs, metadata and"
              + " catalogue on the slow device; as in all arms, writable layers and the records of"
              + " running containers are on the fast one.");
      report.table(List.of("", "geometric mean", "smallest", "largest", "of"), rows);
    }
  }

  private void writeTogether(Markdown report) {
    List<List<String>> rows = new ArrayList<>();
    for (Kind kind : List.of(Kind.CONCURRENT_START, Kind.MIXED_START)) {
      for (Series series : device.series(kind)) {
        Metric metric = new Metric(device, series, Quantity.COLD_START);
        for (String image : metric.images()) {
          List<String> row = new ArrayList<>();
          row.add(
              kind == Kind.MIXED_START
                  ? image + ", one container each"
                  : image + ", " + series.concurrency() + " containers");
          for (String arm : List.of(HeadSection.OURS, NO_FAST, ALL_SLOW, HeadSection.REFERENCE)) {
            Double ratio = Ratios.ofTimes(metric, arm, ALL_FAST).byImage().get(image);
            row.add(ratio == null ? "" : times(ratio));
          }
          rows.add(row);
        }
      }
    }
    if (!rows.isEmpty()) {
      report.paragraph("Several at once, until the last one is ready, ÷ `all-fast`:");
      report.table(
          List.of(
              "",
              Markdown.code(HeadSection.OURS),
              Markdown.code(NO_FAST),
              Markdown.code(ALL_SLOW),
              Markdown.code(HeadSection.REFERENCE)),
          rows);
    }
  }

  private void writeReads(Markdown report) {
    Metric reads = new Metric(device, Series.COLD_START, Quantity.SLOW_READS);
    List<List<String>> rows = new ArrayList<>();
    for (String arm : List.of(HeadSection.OURS, READ_AHEAD, NO_FAST, ALL_SLOW)) {
      medians(reads, arm)
          .ifPresent(
              sample ->
                  rows.add(
                      List.of(
                          Markdown.code(arm),
                          Numbers.count(sample.median()),
                          Numbers.count(sample.min()),
                          Numbers.count(sample.max()))));
    }
    if (!rows.isEmpty()) {
      report.paragraph(
          "Reads of the slow device during a cold start that nobody traces, counted at the device."
              + " Mounts of `n-docker` have no read-ahead; those of `n-docker-read-ahead` have the"
              + " kernel's.");
      report.table(List.of("", "median over images", "least", "most"), rows);
    }
  }

  private void writeSets(Markdown report) {
    List<Measurement> sets =
        device.all().stream()
            .filter(measurement -> measurement.kind() == Kind.IMAGE_SET)
            .filter(measurement -> measurement.status() == Measurement.Status.MEASURED)
            .toList();
    if (sets.isEmpty()) {
      return;
    }
    List<String> arms = Names.ARMS.sorted(sets.stream().map(Measurement::arm).toList());
    List<List<String>> rows = new ArrayList<>();
    for (String category :
        Names.CATEGORIES.sorted(sets.stream().map(Measurement::category).toList())) {
      List<Measurement> ofCategory =
          sets.stream().filter(set -> set.category().equals(category)).toList();
      List<String> row = new ArrayList<>();
      row.add(category + " (" + ofCategory.get(0).image() + ")");
      row.add(Numbers.megabytes((double) ofCategory.get(0).imageBytes()));
      for (String arm : arms) {
        row.add(
            ofCategory.stream()
                .filter(set -> set.arm().equals(arm))
                .findFirst()
                .map(HotFileSection::share)
                .orElse(""));
      }
      rows.add(row);
    }
    List<String> head = new ArrayList<>(List.of("category", "layers"));
    arms.forEach(arm -> head.add(Markdown.code(arm)));
    report.paragraph(
        "Bytes on the fast device when one engine has the images of a category, or all of them:"
            + " each layer and each hot range once, with the metadata of each image.");
    report.table(head, rows);
  }

  private static String share(Measurement set) {
    double bytes = Quantity.FAST_BYTES_STEADY.of(set).orElse(0);
    return Numbers.megabytes(bytes) + ", " + Numbers.percent(bytes / (double) set.imageBytes());
  }

  private void writePrediction(Markdown report) {
    Map<String, Double> slow = starts.medians(starts.images(), ALL_SLOW);
    Map<String, Double> traced = starts.medians(starts.images(), HeadSection.OURS);
    Map<String, Double> predicted = starts.medians(starts.images(), PREDICTED);
    List<List<String>> rows = new ArrayList<>();
    List<Double> gains = new ArrayList<>();
    List<Double> shares = new ArrayList<>();
    List<String> without = new ArrayList<>();
    for (Map.Entry<String, Double> image : predicted.entrySet()) {
      Double before = slow.get(image.getKey());
      Double best = traced.get(image.getKey());
      if (before == null || best == null || best >= before) {
        without.add(image.getKey());
        continue;
      }
      double gain = (before - image.getValue()) / (before - best);
      gains.add(gain);
      Optional<Sample> bytes = steady.sample(image.getKey(), PREDICTED);
      bytes.ifPresent(sample -> shares.add(sample.median() / device.imageBytes(image.getKey())));
      rows.add(
          List.of(
              image.getKey(),
              Numbers.seconds(before),
              Numbers.seconds(image.getValue()),
              Numbers.seconds(best),
              Numbers.percent(gain),
              bytes
                  .map(sample -> sample.median() / device.imageBytes(image.getKey()))
                  .map(Numbers::percent)
                  .orElse("")));
    }
    if (rows.isEmpty()) {
      return;
    }
    rows.add(
        List.of("**median**", "", "", "", Numbers.percent(median(gains)), percent(median(shares))));
    report.paragraph(
        "The first start ever, with what static prediction has promoted: its part of what a traced"
            + " promotion gains over `all-slow`, and its bytes on the fast device, metadata included,"
            + " as a part of the image's.");
    report.table(
        List.of("image", ALL_SLOW, PREDICTED, HeadSection.OURS, "part of the gain", "bytes"), rows);
    if (!without.isEmpty()) {
      report.paragraph("Left out, for there is no gain to compare: " + String.join(", ", without));
    }
  }

  private static Optional<Sample> medians(Metric metric, String arm) {
    return Sample.of(
        metric.medians(metric.images(), arm).values().stream().mapToDouble(Double::doubleValue));
  }

  private static double median(Collection<Double> numbers) {
    return Sample.of(numbers.stream().flatMapToDouble(DoubleStream::of))
        .map(Sample::median)
        .orElse(Double.NaN);
  }

  private static String percent(double share) {
    return Double.isNaN(share) ? "" : Numbers.percent(share);
  }

  /** Where a bound is near, two decimals are not enough of a number below one. */
  private static String times(double ratio) {
    return Numbers.format(ratio < 10 ? "%.3f×" : "%.1f×", ratio);
  }
}
