package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import java.util.Comparator;
import java.util.Objects;

/**
 * A move that is to be made in the background. Immutable.
 *
 * @param blob what is to be moved
 * @param target where to
 * @param priority the higher, the sooner
 * @param order of moves with the same priority, the lowest is made first; no two have the same
 */
public record WantedMove(Digest blob, Tier target, int priority, long order) {
  /** The next one first. */
  static final Comparator<WantedMove> NEXT_FIRST =
      Comparator.comparingInt(WantedMove::priority).reversed().thenComparing(WantedMove::order);

  /**
   * Checks that all is there.
   *
   * @throws IllegalArgumentException if the order is negative
   */
  public WantedMove {
    Objects.requireNonNull(blob, "blob");
    Objects.requireNonNull(target, "target");
    if (order < 0) {
      throw new IllegalArgumentException("the order " + order + " of a move");
    }
  }
}
