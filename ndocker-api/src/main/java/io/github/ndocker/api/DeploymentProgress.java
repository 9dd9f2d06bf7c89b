package io.github.ndocker.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * A snapshot of one image's deployment: what a {@link LayerPlacementPolicy} decides by. Immutable.
 *
 * @param layers every layer of the image, from the bottom up, at least one; the layer at index i
 *     has position i
 * @param pace how fast it goes
 * @param lastDownloaded position of the layer whose download has ended last; empty if none has, or
 *     nobody keeps a record of it
 */
public record DeploymentProgress(
    List<LayerProgress> layers, DeploymentPace pace, OptionalInt lastDownloaded) {
  /**
   * Checks that the layers are in order.
   *
   * @throws IllegalArgumentException if there is no layer or a position does not match its index
   */
  public DeploymentProgress {
    layers = List.copyOf(layers);
    Objects.requireNonNull(pace, "pace");
    Objects.requireNonNull(lastDownloaded, "lastDownloaded");
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
   * A snapshot of a deployment of which nobody keeps in which order downloads end.
   *
   * @param layers every layer of the image, from the bottom up
   * @param pace how fast it goes
   */
  public DeploymentProgress(List<LayerProgress> layers, DeploymentPace pace) {
    this(layers, pace, OptionalInt.empty());
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

  /**
   * What a layer is to the deployment, as far as that is certain already.
   *
   * @param position of the layer
   * @return its role
   */
  public LayerRole role(int position) {
    int lowest = -1;
    int highest = -1;
    for (LayerProgress progress : layers) {
      if (progress.state().isDownloadOutstanding()) {
        highest = progress.layer().position();
        lowest = lowest < 0 ? highest : lowest;
      }
    }
    if (lowest < 0) {
      lowest = lastDownloaded.orElse(layers.size());
      highest = lastDownloaded.orElse(-1);
    }
    if (position < lowest && position <= highest) {
      return LayerRole.LBL;
    }
    if (position > highest && position >= lowest) {
      return LayerRole.LAL;
    }
    return lowest == highest ? LayerRole.LDL : LayerRole.UNDECIDED;
  }

  /**
   * What there is to do, layer by layer, and how much of it is done.
   *
   * @return a tree: the image, its layers from the bottom up, and for each of them its download and
   *     its store
   */
  public Allocation allocation() {
    long downloaded = 0;
    long inflated = 0;
    for (LayerProgress layer : layers) {
      if (layer.inflatedBytes() > 0) {
        downloaded += layer.downloadedBytes();
        inflated += layer.inflatedBytes();
      }
    }
    double inflation = downloaded == 0 ? 1 : (double) inflated / downloaded;
    List<Allocation> parts = new ArrayList<>(layers.size());
    for (LayerProgress layer : layers) {
      parts.add(layer.allocation(role(layer.layer().position()), inflation));
    }
    return Allocation.of("image", parts);
  }
}
