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
 * and a slack. The backlog lies in memory, so it is bounded too. While nothing is known of one of
 * the rates, only the latter bound counts.
 *
 * @param slack how much longer the deployment may take than with everything on the fast tier, as a
 *     fraction
 * @param leastSlack the same for short deployments, whatever the fraction is
 * @param backlogBytes the most bytes that may wait in memory for the slow tier
 */
public record Pipelined(double slack, Duration leastSlack, long backlogBytes)
    implements LayerPlacementPolicy {
  private static final double SLACK = 0.02;
  private static final Duration LEAST_SLACK = Duration.ofMillis(50);
  private static final long BACKLOG_BYTES = 32L << 20;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public Pipelined {
    if (!(slack >= 0) || leastSlack.isNegative() || backlogBytes < 0) {
      throw new IllegalArgumentException(
          "slack " + slack + ", at least " + leastSlack + ", backlog " + backlogBytes);
    }
  }

  /** Within 2% of the time that everything on the fast tier takes, and with 32 MiB of memory. */
  public Pipelined() {
    this(SLACK, LEAST_SLACK, BACKLOG_BYTES);
  }

  @Override
  public Tier place(int position, DeploymentProgress progress) {
    return progress.pace().slowBacklogBytes() <= absorbable(progress) ? Tier.SLOW : Tier.FAST;
  }

  @Override
  public String explain(int position, DeploymentProgress progress) {
    DeploymentPace pace = progress.pace();
    String waiting =
        String.format(
            Locale.ROOT, "the slow tier has %.1f MB to write", pace.slowBacklogBytes() / 1e6);
    if (pace.slowBytesPerSecond() == 0 || pace.downloadBytesPerSecond() == 0) {
      return String.format(
          Locale.ROOT,
          "Layer %d goes to the %s tier: %s, and %.1f MB may wait as long as rates are not known.",
          position,
          place(position, progress),
          waiting,
          absorbable(progress) / 1e6);
    }
    return String.format(
        Locale.ROOT,
        "Layer %d goes to the %s tier: %s at %.1f MB/s, and can take %.1f MB until the deployment"
            + " ends in some %.2f s.",
        position,
        place(position, progress),
        waiting,
        pace.slowBytesPerSecond() / 1e6,
        absorbable(progress) / 1e6,
        secondsLeft(progress));
  }

  /** Bytes that may wait for the slow tier. */
  private double absorbable(DeploymentProgress progress) {
    double rate = progress.pace().slowBytesPerSecond();
    return rate == 0
        ? (double) backlogBytes
        : Math.min((double) backlogBytes, rate * secondsLeft(progress));
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
