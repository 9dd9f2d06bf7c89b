package io.github.ndocker.hotfile;

import io.github.ndocker.api.DiffId;
import java.util.Objects;

/**
 * A range of a layer's tar that a hot pack holds a copy of. Immutable.
 *
 * @param layer the layer
 * @param layerOffset first byte, from the start of the tar
 * @param length in bytes
 * @param packOffset first byte of the copy, from the start of the pack; a multiple of {@link
 *     HotPackLayout#ALIGNMENT}
 */
public record PackedRange(DiffId layer, long layerOffset, long length, long packOffset) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if the range is empty or negative, or the copy is not aligned
   */
  public PackedRange {
    Objects.requireNonNull(layer, "layer");
    if (layerOffset < 0
        || length < 1
        || layerOffset > Long.MAX_VALUE - length
        || packOffset < 0
        || packOffset > Long.MAX_VALUE - length
        || packOffset % HotPackLayout.ALIGNMENT != 0) {
      throw new IllegalArgumentException(
          length + " bytes at " + layerOffset + " of " + layer + ", packed at " + packOffset);
    }
  }

  /**
   * The first byte of the layer after the range.
   *
   * @return layerOffset + length
   */
  public long layerEnd() {
    return layerOffset + length;
  }
}
