package io.github.ndocker.placement;

import io.github.ndocker.api.DeploymentPace;
import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.Tier;
import java.time.Duration;
import java.util.Locale;

/**
 * Placement for a pipeline that stores while it downloads: the slow tier gets all that it can
 * absorb until the deployment ends, and the fast tier only what is beyond that.
 *
 * <p>A layer is a blob, so its bytes can be written as they arrive, whatever the layers below it
 * do; only its registration has to wait for them. A piece goes to the slow tier unless that has
 * more to write already than it can write in the time that is left. The slow tier is thus never
 * idle while there is something to write, and no strategy, not even one that knows the future, gets
 * more bytes onto it in the same time with the same memory; {@code src-docs/placement.md} has the
 * argument.
 *
 * <p>The time that is left is that of the bytes still to come, at the rate of those that have come,
 * and a slack. The backlog lies in memory, so it is bounded too. While nothing is known of the
 * network's rate, only the latter bound counts; the slow tier is taken to write at a rate that
 * disks have until it has shown its own.
 *
 * @param slack how much longer the deployment may take than with everything on the fast tier, as a
 *     fraction
 * @param leastSlack the same for short deployments, whatever the fraction is
 * @param backlogBytes the most bytes that may wait in memory for the slow tier
 * @param assumedBytesPerSecond how fast the slow tier is taken to write as long as that is not
 *     known
 */
public record Pipelined(
    double slack, Duration leastSlack, long backlogBytes, double assumedBytesPerSecond)
    implements LayerPlacementPolicy {
  private static final double SLACK = 0.02;
  private static final Duration LEAST_SLACK = Duration.ofMillis(50);
  private static final long BACKLOG_BYTES = 32L << 20;

  /** A hard disk, or a modest volume of a cloud; what is faster shows it at once. */
  private static final double ASSUMED_BYTES_PER_SECOND = 100e6;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative, or the rate is not positive
   */
  public Pipelined {
    if (!(slack >= 0)
        || leastSlack.isNegative()
        || backlogBytes < 0
        || !(assumedBytesPerSecond > 0)) {
      throw new IllegalArgumentException(
          "slack "
              + slack
              + ", at least "
              + leastSlack
              + ", backlog "
              + backlogBytes
              + ", assumed rate "
              + assumedBytesPerSecond);
    }
  }

  /**
   * Within 2% of the time that everything on the fast tier takes (50 ms if that is more), with 32
   * MiB of memory, and for a slow tier that writes 100 MB/s until it has shown how much it writes.
   */
  public Pipelined() {
    this(SLACK, LEAST_SLACK, BACKLOG_BYTES, ASSUMED_BYTES_PER_SECOND);
  }

  @Override
  public Tier place(int position, DeploymentProgress progress) {
    return progress.pace().slowBacklogBytes() <= absorbable(progress) ? Tier.SLOW : Tier.FAST;
  }

  @Override
  public String explain(int position, DeploymentProgress progress) {
    DeploymentPace pace = progress.pace();
    String sentence =
        String.format(
            Locale.ROOT,
            "Layer %d goes to the %s tier: the slow tier has %.1f MB to write at %s%.1f MB/s, and",
            position,
            place(position, progress),
            pace.slowBacklogBytes() / 1e6,
            pace.slowBytesPerSecond() == 0 ? "an assumed rate of " : "",
            slowBytesPerSecond(pace) / 1e6);
    if (pace.downloadBytesPerSecond() == 0) {
      return String.format(
          Locale.ROOT,
          "%s %.1f MB may wait as long as the network's rate is not known.",
          sentence,
          absorbable(progress) / 1e6);
    }
    return String.format(
        Locale.ROOT,
        "%s can take %.1f MB until the deployment ends in some %.2f s.",
        sentence,
        absorbable(progress) / 1e6,
        secondsLeft(progress));
  }

  /** Bytes that may wait for the slow tier. */
  private double absorbable(DeploymentProgress progress) {
    double time = secondsLeft(progress);
    return Math.min((double) backlogBytes, slowBytesPerSecond(progress.pace()) * time);
  }

  private double slowBytesPerSecond(DeploymentPace pace) {
    return pace.slowBytesPerSecond() == 0 ? assumedBytesPerSecond : pace.slowBytesPerSecond();
  }

  private double secondsLeft(DeploymentProgress progress) {
    DeploymentPace pace = progress.pace();
    if (pace.downloadBytesPerSecond() == 0) {
      return Double.POSITIVE_INFINITY;
    }
    long toCome = 0;
    for (LayerProgress layer : progress.layers()) {
      toCome += layer.layer().compressedBytes() - layer.downloadedBytes();
    }
    double left = toCome / pace.downloadBytesPerSecond();
    double end = pace.elapsedNanos() / 1e9 + left;
    return left + Math.max(slack * end, leastSlack.toNanos() / 1e9);
  }
}
