package io.github.ndocker.api;

import java.util.List;
import java.util.Objects;

/**
 * A snapshot of one image's deployment: what a {@link LayerPlacementPolicy} decides by. Immutable.
 *
 * @param layers every layer of the image, from the bottom up, at least one; the layer at index i
 *     has position i
 * @param pace how fast it goes
 */
public record DeploymentProgress(List<LayerProgress> layers, DeploymentPace pace) {
  /**
   * Checks that the layers are in order.
   *
   * @throws IllegalArgumentException if there is no layer or a position does not match its index
   */
  public DeploymentProgress {
    layers = List.copyOf(layers);
    Objects.requireNonNull(pace, "pace");
    if (layers.isEmpty()) {
      throw new IllegalArgumentException("an image has at least one layer");
    }
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).layer().position() != i) {
        throw new IllegalArgumentException(
            "layer at index " + i + " has position " + layers.get(i).layer().position());
      }
    }
  }

  /**
   * A snapshot of a deployment whose pace nobody measures.
   *
   * @param layers every layer of the image, from the bottom up
   */
  public DeploymentProgress(List<LayerProgress> layers) {
    this(layers, DeploymentPace.UNKNOWN);
  }

  /**
   * Whether any layer of the image is still to arrive, wholly or in part.
   *
   * @return true until the last download (that of the LDL) has ended
   */
  public boolean isDownloadOutstanding() {
    for (LayerProgress layer : layers) {
      if (layer.state().isDownloadOutstanding()) {
        return true;
      }
    }
    return false;
  }
}
