package io.github.ndocker.evaluation.report;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.host.DeviceProfile;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What storing while it downloads comes to, beside the least that anybody needs. */
final class StreamingSection {
  private static final String DOWNLOAD = "download";
  private static final String ALL_FAST = "all-fast-streaming";
  private static final String PIPELINED = "n-docker-pipelined";
  private static final String LASS = "n-docker";
  private static final String CONTAINERD = "containerd-slow";
  private static final List<String> HEAD =
      List.of(
          "image",
          "T_D, s",
          "all fast, T_total",
          "pipelined, T_total",
          "LASS, T_total",
          "pipelined: T_total − T_D",
          "least fast MB",
          "pipelined, fast MB",
          "LASS, fast MB",
          "storing ÷ containerd's");

  private final DeviceMeasurements device;

  StreamingSection(DeviceMeasurements device) {
    this.device = device;
  }

  /**
   * One image.
   *
   * @param download T_D of who throws the bytes away
   * @param allFast T_total with everything fast, streaming too
   * @param pipelined T_total
   * @param lass T_total of the paper's strategy
   * @param least bytes that the slow device cannot take during T_D
   * @param fast bytes of layers that were put on the fast device
   * @param lassFast the same of the paper's strategy
   * @param storing seconds from the last byte until durable
   * @param containerdStoring the same of containerd
   */
  private record Row(
      String image,
      double download,
      double allFast,
      double pipelined,
      double lass,
      double least,
      double fast,
      double lassFast,
      double storing,
      double containerdStoring) {
    double storingShare() {
      return storing / containerdStoring;
    }

    double tail() {
      return pipelined - download;
    }

    /** The most that the tail may be where the disk keeps up. */
    double tailBound() {
      return Math.max(0.03 * download, 0.150);
    }

    boolean isWorseThanLass() {
      return pipelined > lass && fast > lassFast;
    }
  }

  void write(Markdown report) {
    for (String network : device.networks()) {
      List<Row> rows = new ArrayList<>();
      for (String image : device.images()) {
        row(image, network).ifPresent(rows::add);
      }
      if (!rows.isEmpty()) {
        report.heading(3, "Storing while downloading, network " + network);
        report.paragraph(
            "T_D is that of a downloader that throws the bytes away. The least fast MB are what the"
                + " slow device cannot write during T_D at its limit.");
        report.table(HEAD, rows.stream().map(StreamingSection::cells).toList());
        report.list(summary(rows));
      }
    }
  }

  private static List<String> cells(Row row) {
    return List.of(
        row.image(),
        Numbers.seconds(row.download()),
        Numbers.seconds(row.allFast()),
        Numbers.seconds(row.pipelined()),
        Numbers.seconds(row.lass()),
        Numbers.seconds(row.tail()) + " (bound " + Numbers.seconds(row.tailBound()) + ")",
        Numbers.megabytes(row.least()),
        Numbers.megabytes(row.fast()),
        Numbers.megabytes(row.lassFast()),
        Numbers.percent(row.storingShare()));
  }

  private static List<String> summary(List<Row> rows) {
    double allFast = rows.stream().mapToDouble(Row::allFast).sum();
    double pipelined = rows.stream().mapToDouble(Row::pipelined).sum();
    double least = rows.stream().mapToDouble(Row::least).sum();
    double fast = rows.stream().mapToDouble(Row::fast).sum();
    double lassFast = rows.stream().mapToDouble(Row::lassFast).sum();
    Row late = worst(rows, Comparator.comparingDouble(row -> row.tail() / row.tailBound()));
    Row slow = worst(rows, Comparator.comparingDouble(row -> row.pipelined() / row.allFast()));
    Row storing = worst(rows, Comparator.comparingDouble(Row::storingShare));
    List<String> worse = rows.stream().filter(Row::isWorseThanLass).map(Row::image).toList();
    return List.of(
        "T_total over that of all fast, of the sums: %s (worst %s, %s)"
            .formatted(
                Numbers.times(pipelined / allFast),
                slow.image(),
                Numbers.times(slow.pipelined() / slow.allFast())),
        "T_total − T_D: %d of %d images are within max(3%% of T_D, 150 ms); worst %s, %s s"
            .formatted(
                rows.stream().filter(row -> row.tail() <= row.tailBound()).count(),
                rows.size(),
                late.image(),
                Numbers.seconds(late.tail())),
        "fast bytes of layers, of the sums: %s, the least %s (%s), LASS %s"
            .formatted(
                Numbers.megabytes(fast),
                Numbers.megabytes(least),
                least == 0 ? "none" : Numbers.times(fast / least),
                Numbers.megabytes(lassFast)),
        "storing after the last byte ÷ that of `%s`, of the sums: %s (%d of %d images within 5%%; worst %s, %s)"
            .formatted(
                CONTAINERD,
                Numbers.percent(
                    rows.stream().mapToDouble(Row::storing).sum()
                        / rows.stream().mapToDouble(Row::containerdStoring).sum()),
                rows.stream().filter(row -> row.storingShare() <= 0.05).count(),
                rows.size(),
                storing.image(),
                Numbers.percent(storing.storingShare())),
        "worse than LASS in time and bytes at once: "
            + (worse.isEmpty() ? "no image" : String.join(", ", worse)));
  }

  private static Row worst(List<Row> rows, Comparator<Row> order) {
    return rows.stream().max(order).orElseThrow();
  }

  /** Empty unless everything is there. */
  private Optional<Row> row(String image, String network) {
    Optional<Double> download = median(image, network, DOWNLOAD, Quantity.DOWNLOAD);
    Optional<Double> allFast = median(image, network, ALL_FAST, Quantity.DEPLOYMENT);
    Optional<Double> pipelined = median(image, network, PIPELINED, Quantity.DEPLOYMENT);
    Optional<Double> lass = median(image, network, LASS, Quantity.DEPLOYMENT);
    Optional<Double> fast = median(image, network, PIPELINED, Quantity.FAST_LAYER_BYTES);
    Optional<Double> lassFast = median(image, network, LASS, Quantity.FAST_LAYER_BYTES);
    Optional<Double> storing = median(image, network, PIPELINED, Quantity.STORING);
    Optional<Double> others = median(image, network, CONTAINERD, Quantity.STORING);
    if (download.isEmpty()
        || allFast.isEmpty()
        || pipelined.isEmpty()
        || lass.isEmpty()
        || fast.isEmpty()
        || lassFast.isEmpty()
        || storing.isEmpty()
        || others.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Row(
            image,
            download.get(),
            allFast.get(),
            pipelined.get(),
            lass.get(),
            least(image, download.get()),
            fast.get(),
            lassFast.get(),
            storing.get(),
            others.get()));
  }

  private double least(String image, double download) {
    try {
      long rate = DeviceProfile.named(device.device()).bytesPerSecond();
      return rate == 0 ? 0 : Math.max(0, device.imageBytes(image) - rate * download);
    } catch (NDockerException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private Optional<Double> median(String image, String network, String arm, Quantity quantity) {
    return device.sample(Series.deployment(network), image, arm, quantity).map(Sample::median);
  }
}
