package io.github.ndocker.api;

import java.util.Objects;

/**
 * One layer's part in a {@link DeploymentProgress}. Immutable.
 *
 * @param layer the layer
 * @param state how far it has come
 * @param downloadedBytes compressed bytes that have arrived
 */
public record LayerProgress(Layer layer, LayerState state, long downloadedBytes) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if more bytes arrived than the layer has, or fewer than none
   */
  public LayerProgress {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(state, "state");
    if (downloadedBytes < 0 || downloadedBytes > layer.compressedBytes()) {
      throw new IllegalArgumentException(
          downloadedBytes
              + " bytes of layer "
              + layer.position()
              + ", which has "
              + layer.compressedBytes());
    }
  }
}
