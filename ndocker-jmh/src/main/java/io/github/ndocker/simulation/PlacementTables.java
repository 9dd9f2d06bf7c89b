package io.github.ndocker.simulation;

import io.github.ndocker.placement.AllFast;
import io.github.ndocker.placement.DeploymentModel;
import io.github.ndocker.placement.Lass;
import io.github.ndocker.placement.Pipelined;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/** The tables of {@code src-docs/placement.md}: the same numbers each time, from fixed seeds. */
public final class PlacementTables {
  static final long SEED = 20191;
  static final int IMAGES = 400;
  static final long PIECE_BYTES = 1 << 20;
  static final double SLACK = 0.02;
  static final Duration LEAST_SLACK = Duration.ofMillis(50);
  static final long BACKLOG_BYTES = 32L << 20;
  private static final List<Integer> NETWORKS = List.of(10, 100, 1_000, 10_000);
  private static final List<Integer> DISKS = List.of(30, 120, 500);
  private static final double FAST = 2_000;

  private PlacementTables() {}

  /**
   * Prints the tables.
   *
   * @param arguments none
   */
  public static void main(String... arguments) {
    System.out.print(text());
  }

  static String text() {
    return paper() + "\n" + pipelined();
  }

  /** How far the paper's model is from its pipeline. */
  static String paper() {
    StringBuilder table =
        new StringBuilder(
            "| network, Mbit/s | disk, MB/s | images with LBL unfinished at T_D | T_total over the"
                + " model's, median | largest |\n| --- | --- | --- | --- | --- |\n");
    for (int network : NETWORKS) {
      for (int disk : DISKS) {
        SimulatedHost host = SimulatedHost.of(network, disk, FAST);
        SplittableRandom random = new SplittableRandom(SEED);
        int unfinished = 0;
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
          SimulatedImage image = SimulatedImage.random(random);
          SimulatedDeployment lass = SequentialSimulation.run(image, host, new Lass());
          unfinished += lass.unfinishedBytes() > 0 ? 1 : 0;
          ratios.add(lass.totalSeconds() / modelSeconds(image, host, lass));
        }
        Collections.sort(ratios);
        row(
            table,
            network,
            disk,
            percent((double) unfinished / IMAGES),
            times(ratios.get(IMAGES / 2)),
            times(ratios.get(IMAGES - 1)));
      }
    }
    return table.toString();
  }

  static double modelSeconds(SimulatedImage image, SimulatedHost host, SimulatedDeployment lass) {
    return new DeploymentModel(
            image.inflatedBytes(),
            lass.lastDownloading(),
            lass.downloadSeconds(),
            1 / host.slow(),
            1 / host.fast())
        .totalSeconds(lass.lastDownloading());
  }

  /** Time and bytes of the pipeline, beside all-fast, the least possible, and LASS. */
  static String pipelined() {
    StringBuilder table =
        new StringBuilder(
            "| network, Mbit/s | disk, MB/s | T_total over all-fast, of the sums | longest wait more"
                + " than all-fast, s | fast bytes, least possible | fast bytes | beyond the least,"
                + " largest of an image | LASS: T_total over all-fast, of the sums | LASS: fast"
                + " bytes |\n"
                + "| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    for (int network : NETWORKS) {
      for (int disk : DISKS) {
        SimulatedHost host = SimulatedHost.of(network, disk, FAST);
        SplittableRandom random = new SplittableRandom(SEED);
        double longest = 0;
        double allFastSeconds = 0;
        double seconds = 0;
        double lassSeconds = 0;
        double beyond = 0;
        long all = 0;
        long least = 0;
        long fast = 0;
        long lassFast = 0;
        for (int i = 0; i < IMAGES; i++) {
          SimulatedImage image = SimulatedImage.random(random);
          Comparison compared = Comparison.of(image, host);
          longest = Math.max(longest, compared.longerSeconds());
          allFastSeconds += compared.allFast().totalSeconds();
          seconds += compared.pipelined().totalSeconds();
          beyond = Math.max(beyond, compared.beyondLeast());
          all += image.bytes();
          least += compared.leastFastBytes();
          fast += compared.pipelined().fastBytes();
          SimulatedDeployment lass = SequentialSimulation.run(image, host, new Lass());
          lassFast += lass.fastBytes();
          lassSeconds += lass.totalSeconds();
        }
        row(
            table,
            network,
            disk,
            times(seconds / allFastSeconds),
            String.format(Locale.ROOT, "%.2f", longest),
            percent((double) least / all),
            percent((double) fast / all),
            percent(beyond),
            times(lassSeconds / allFastSeconds),
            percent((double) lassFast / all));
      }
    }
    return table.toString();
  }

  /**
   * One image on one host.
   *
   * @param image the image
   * @param allFast with everything on the fast tier, as it comes
   * @param pipelined with {@link Pipelined}
   * @param leastFastBytes of whoever knows the future
   */
  record Comparison(
      SimulatedImage image,
      SimulatedDeployment allFast,
      SimulatedDeployment pipelined,
      long leastFastBytes) {
    static Comparison of(SimulatedImage image, SimulatedHost host) {
      SimulatedDeployment allFast =
          StreamingSimulation.run(image, host, new AllFast(), PIECE_BYTES);
      SimulatedDeployment pipelined =
          StreamingSimulation.run(
              image,
              host,
              new Pipelined(SLACK, LEAST_SLACK, BACKLOG_BYTES, host.slow()),
              PIECE_BYTES);
      double end =
          allFast.totalSeconds()
              + Math.max(SLACK * allFast.totalSeconds(), LEAST_SLACK.toNanos() / 1e9);
      return new Comparison(
          image,
          allFast,
          pipelined,
          StreamingSimulation.leastFastBytes(image, host, PIECE_BYTES, end));
    }

    /** Beside all-fast. */
    double longerSeconds() {
      return pipelined.totalSeconds() - allFast.totalSeconds();
    }

    /** Fast bytes more than the least, of the image's bytes. */
    double beyondLeast() {
      return (double) (pipelined.fastBytes() - leastFastBytes) / image.bytes();
    }
  }

  private static void row(StringBuilder table, int network, int disk, String... cells) {
    table.append("| ").append(network).append(" | ").append(disk);
    for (String cell : cells) {
      table.append(" | ").append(cell);
    }
    table.append(" |\n");
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f%%", 100 * share);
  }

  private static String times(double ratio) {
    return String.format(Locale.ROOT, "%.3f×", ratio);
  }
}
