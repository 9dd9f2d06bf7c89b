package io.github.ndocker.evaluation.prediction;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * How good one prediction is. Immutable but for the ranges.
 *
 * @param image its name
 * @param imageBytes of its layers, uncompressed
 * @param read what a traced start read
 * @param predicted what was predicted
 * @param missed what was read and not predicted
 * @param seconds what the prediction took
 */
record Score(
    String image,
    long imageBytes,
    PageRanges read,
    PageRanges predicted,
    PageRanges missed,
    double seconds) {
  static final String HEAD =
      "| image | read | predicted | of the image | recall of bytes | recall of ranges | gain |"
          + " seconds |\n|---|---|---|---|---|---|---|---|";

  double share() {
    return (double) predicted.bytes() / imageBytes;
  }

  double byteRecall() {
    return 1 - (double) missed.bytes() / read.bytes();
  }

  /** A range that is missed in two pieces is missed once and a half: 1 - missed pieces / ranges. */
  double rangeRecall() {
    return 1 - (double) missed.runs() / read.runs();
  }

  /** What the slow medium is spared, of what a perfect prediction would spare it. */
  double gain() {
    return 1 - missed.seconds() / read.seconds();
  }

  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %.1f MB | %.1f MB | %.1f%% | %.0f%% | %.0f%% | %.0f%% | %.2f |",
        image,
        read.bytes() / 1e6,
        predicted.bytes() / 1e6,
        100 * share(),
        100 * byteRecall(),
        100 * rangeRecall(),
        100 * gain(),
        seconds);
  }

  static String median(List<Score> scores) {
    return String.format(
        Locale.ROOT,
        "| median | | | %.1f%% | %.0f%% | %.0f%% | %.0f%% | %.2f |",
        100 * median(scores, Score::share),
        100 * median(scores, Score::byteRecall),
        100 * median(scores, Score::rangeRecall),
        100 * median(scores, Score::gain),
        median(scores, Score::seconds));
  }

  private static double median(List<Score> scores, ToDoubleFunction<Score> figure) {
    return scores.stream()
        .mapToDouble(figure)
        .sorted()
        .skip(scores.size() / 2)
        .findFirst()
        .orElse(Double.NaN);
  }
}
