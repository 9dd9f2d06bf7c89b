package io.github.ndocker.hotfile;

import java.util.Objects;

/**
 * What the history of an image tells of one of its layers. Immutable.
 *
 * @param position the layer, 0 for the bottom one
 * @param layerClass what it is for
 * @param evidence why, in one sentence
 */
public record ClassifiedLayer(int position, LayerClass layerClass, String evidence) {
  /**
   * Checks the position.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public ClassifiedLayer {
    Objects.requireNonNull(layerClass, "layerClass");
    Objects.requireNonNull(evidence, "evidence");
    if (position < 0) {
      throw new IllegalArgumentException("layer position " + position);
    }
  }
}
