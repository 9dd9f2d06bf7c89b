package io.github.ndocker.engine;

import java.util.Objects;

/**
 * How an image is promoted. A balance of the fast tier ({@link HotBudget}) keeps to it as long as
 * the image is promoted. Immutable.
 *
 * @param minShareOfRuns at least this share of the runs of a workload has read what is packed: from
 *     0 for everything to 1 for what all of them read. A range that was seen once in ten runs is
 *     left out above 0.1
 * @param brushBack when the layers leave the fast tier
 */
public record PromotionOptions(double minShareOfRuns, BrushBack brushBack) {
  /** All that was ever read, and layers that leave at once. */
  public static final PromotionOptions DEFAULT = new PromotionOptions(0, BrushBack.NOW);

  /**
   * Checks the share.
   *
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public PromotionOptions {
    Objects.requireNonNull(brushBack, "brushBack");
    if (!(minShareOfRuns >= 0 && minShareOfRuns <= 1)) {
      throw new IllegalArgumentException("a share of " + minShareOfRuns + " of the runs");
    }
  }

  /**
   * The same, without what fewer runs read.
   *
   * @param share of the runs of a workload, from 0 to 1
   * @return a copy
   * @throws IllegalArgumentException if it is not between 0 and 1
   */
  public PromotionOptions withMinShareOfRuns(double share) {
    return new PromotionOptions(share, brushBack);
  }

  /**
   * The same, with another time for the layers to leave.
   *
   * @param when when
   * @return a copy
   */
  public PromotionOptions withBrushBack(BrushBack when) {
    return new PromotionOptions(minShareOfRuns, when);
  }
}
