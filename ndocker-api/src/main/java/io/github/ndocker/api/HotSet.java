package io.github.ndocker.api;

import java.util.List;

/**
 * The part of an image that belongs on the fast tier: whole layers, or files and byte ranges.
 * Immutable.
 *
 * @param layers layers to keep fast as a whole, in ascending order
 * @param files files to keep fast, in the order a cold start reads them; one may come several
 *     times, with the ranges that are read earlier and those that are read later
 */
public record HotSet(List<HotLayer> layers, List<HotFile> files) {
  /** Copies the lists. */
  public HotSet {
    layers = List.copyOf(layers);
    files = List.copyOf(files);
  }

  /**
   * Whether the layer is hot as a whole.
   *
   * @param position the layer, 0 for the bottom one
   * @return true if the layer is in the set
   */
  public boolean containsLayer(int position) {
    return layers.stream().anyMatch(layer -> layer.position() == position);
  }
}
