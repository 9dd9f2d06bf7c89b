package io.github.ndocker.layer;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** How much of everything a layer may have. Immutable. */
public final class LayerLimits {
  /** Every {@link LayerLimit} as it is by default. */
  public static final LayerLimits DEFAULT = new LayerLimits(Collections.emptyMap());

  private final Map<LayerLimit, Long> allowed;

  private LayerLimits(Map<LayerLimit, Long> chosen) {
    Map<LayerLimit, Long> all = new EnumMap<>(LayerLimit.class);
    for (LayerLimit limit : LayerLimit.values()) {
      all.put(limit, chosen.getOrDefault(limit, limit.byDefault()));
    }
    this.allowed = Collections.unmodifiableMap(all);
  }

  /**
   * These limits with another one.
   *
   * @param limit what to allow more or less of
   * @param most how much, in the unit of the limit
   * @return the limits
   * @throws IllegalArgumentException if that is less than 1
   */
  public LayerLimits with(LayerLimit limit, long most) {
    Objects.requireNonNull(limit, "limit");
    if (most < 1) {
      throw new IllegalArgumentException("a limit of " + most + " " + limit.what());
    }
    Map<LayerLimit, Long> chosen = new EnumMap<>(allowed);
    chosen.put(limit, most);
    return new LayerLimits(chosen);
  }

  /**
   * These limits with other ones for how far a layer may inflate.
   *
   * @param floorBytes bytes of the tar up to which any factor is allowed
   * @param ratio bytes of the tar for each compressed byte beyond that
   * @return the limits
   * @throws IllegalArgumentException if one of them is less than 1
   */
  public LayerLimits withInflation(long floorBytes, int ratio) {
    return with(LayerLimit.INFLATION_FLOOR_BYTES, floorBytes)
        .with(LayerLimit.INFLATION_RATIO, ratio);
  }

  /**
   * How much of something is allowed.
   *
   * @param limit what
   * @return at least 1
   */
  public long of(LayerLimit limit) {
    return allowed.getOrDefault(limit, limit.byDefault());
  }

  /** As {@link #of}, for what an array or a list has to hold. */
  int count(LayerLimit limit) {
    return (int) Math.min(Integer.MAX_VALUE - 8, of(limit));
  }

  /** As {@link #check}, for what an array has to hold. */
  void checkCount(LayerLimit limit, long found) throws LayerLimitException {
    if (found > count(limit)) {
      throw new LayerLimitException(limit, count(limit));
    }
  }

  /** Ends a layer that has too much. */
  void check(LayerLimit limit, long found) throws LayerLimitException {
    if (found > of(limit)) {
      throw new LayerLimitException(limit, of(limit));
    }
  }

  @Override
  public String toString() {
    return "LayerLimits" + allowed;
  }
}
