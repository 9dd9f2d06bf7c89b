package io.github.ndocker.api;

import java.util.Objects;

/**
 * A layer that belongs on the fast tier as a whole. Immutable.
 *
 * @param position the layer, 0 for the bottom one
 * @param evidence why, in one sentence
 */
public record HotLayer(int position, String evidence) {
  /**
   * Checks the position.
   *
   * @throws IllegalArgumentException if the position is negative
   */
  public HotLayer {
    Objects.requireNonNull(evidence, "evidence");
    if (position < 0) {
      throw new IllegalArgumentException("layer position " + position);
    }
  }
}
