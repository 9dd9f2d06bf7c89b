package io.github.ndocker.evaluation.report;

import io.github.ndocker.evaluation.report.Quantity.Unit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A metric by category and arm: the geometric mean of times, the sum of bytes.
 *
 * @param metric of seconds or bytes
 * @param arms the columns
 */
record CategoryGrid(Metric metric, List<String> arms) {
  static final String ALL = "all";

  CategoryGrid(Metric metric) {
    this(metric, metric.arms());
  }

  /** The categories of which something was measured, and all of them together. */
  List<String> categories() {
    return Stream.concat(
            metric.device().categories().stream().filter(name -> !images(name).isEmpty()),
            Stream.of(ALL))
        .toList();
  }

  boolean isOfTimes() {
    return metric.quantity().unit() == Unit.SECONDS;
  }

  /** Empty if the arm has no image of the category. */
  Optional<Cell> cell(String category, String arm) {
    List<String> images = images(category);
    Map<String, Double> medians = metric.medians(images, arm);
    if (medians.isEmpty()) {
      return Optional.empty();
    }
    if (isOfTimes()) {
      double mean =
          GeometricMean.of(medians.values().stream().map(GeometricMean::countable).toList());
      return Optional.of(new Cell(mean, mean, medians.size(), images.size()));
    }
    double sum = medians.values().stream().mapToDouble(Double::doubleValue).sum();
    long of = medians.keySet().stream().mapToLong(metric.device()::imageBytes).sum();
    return Optional.of(new Cell(sum, of == 0 ? 0 : sum / of, medians.size(), images.size()));
  }

  /** The table's text: categories down, arms across. */
  List<List<String>> rows() {
    return categories().stream()
        .map(
            category ->
                Stream.concat(
                        Stream.of("%s (%d)".formatted(category, images(category).size())),
                        arms.stream().map(arm -> cell(category, arm).map(this::text).orElse("")))
                    .toList())
        .toList();
  }

  private String text(Cell cell) {
    String value =
        isOfTimes()
            ? Numbers.seconds(cell.value())
            : Numbers.megabytes(cell.value()) + ", " + Numbers.percent(cell.height());
    return cell.images() == cell.of()
        ? value
        : value + " (%d of %d)".formatted(cell.images(), cell.of());
  }

  private List<String> images(String category) {
    List<String> measured = metric.images();
    return category.equals(ALL)
        ? measured
        : metric.device().images(category).stream().filter(measured::contains).toList();
  }

  /**
   * One arm of one category.
   *
   * @param value seconds or bytes
   * @param height what a chart shows: seconds, or the part of the images' bytes, which says more
   *     than bytes where categories differ in size
   * @param images how many have it
   * @param of how many have it in any arm
   */
  record Cell(double value, double height, int images, int of) {}
}
