package io.github.ndocker.engine;

import java.util.Objects;

/**
 * How a profile is renewed. Immutable.
 *
 * @param trace how a start is traced, if that has to be
 * @param promotion how the image is promoted, if that has to be
 * @param always whether it is traced and promoted also if its profile is not stale
 * @param staleShare what may be missed before a profile is stale, see {@link
 *     HotMisses#isStale(double)}
 */
public record RefreshOptions(
    TraceOptions trace, PromotionOptions promotion, boolean always, double staleShare) {
  /**
   * Checks the share.
   *
   * @throws IllegalArgumentException if it is negative or no number
   */
  public RefreshOptions {
    Objects.requireNonNull(trace, "trace");
    Objects.requireNonNull(promotion, "promotion");
    if (!(staleShare >= 0)) {
      throw new IllegalArgumentException("a share of " + staleShare + " of the packed bytes");
    }
  }

  /**
   * If it is stale, and by a trace like this.
   *
   * @param trace how a start is traced
   * @return options
   */
  public static RefreshOptions by(TraceOptions trace) {
    return new RefreshOptions(trace, PromotionOptions.DEFAULT, false, HotMisses.STALE_SHARE);
  }

  /**
   * The same, stale or not.
   *
   * @return a copy
   */
  public RefreshOptions withAlways() {
    return new RefreshOptions(trace, promotion, true, staleShare);
  }

  /**
   * The same, promoted in another way.
   *
   * @param how how
   * @return a copy
   */
  public RefreshOptions withPromotion(PromotionOptions how) {
    return new RefreshOptions(trace, how, always, staleShare);
  }

  /**
   * The same, with another threshold.
   *
   * @param share of the packed bytes
   * @return a copy
   * @throws IllegalArgumentException if it is negative or no number
   */
  public RefreshOptions withStaleShare(double share) {
    return new RefreshOptions(trace, promotion, always, share);
  }
}
