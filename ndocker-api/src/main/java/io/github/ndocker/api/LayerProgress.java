package io.github.ndocker.api;

import java.util.List;
import java.util.Objects;

/**
 * One layer's part in a {@link DeploymentProgress}. Immutable.
 *
 * @param layer the layer
 * @param state how far it has come
 * @param downloadedBytes compressed bytes that have arrived
 * @param inflatedBytes bytes of the tar that these have been inflated to so far
 * @param slowBytes of the inflated bytes, those that were placed on the slow tier
 * @param fastBytes of the inflated bytes, those that were placed on the fast tier
 */
public record LayerProgress(
    Layer layer,
    LayerState state,
    long downloadedBytes,
    long inflatedBytes,
    long slowBytes,
    long fastBytes) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if more bytes arrived than the layer has, more were placed
   *     than inflated, or fewer than none
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
    if (slowBytes < 0 || fastBytes < 0 || slowBytes > inflatedBytes - fastBytes) {
      throw new IllegalArgumentException(
          slowBytes
              + " slow and "
              + fastBytes
              + " fast bytes of layer "
              + layer.position()
              + ", of which "
              + inflatedBytes
              + " were inflated");
    }
  }

  /**
   * A layer of which nothing has been inflated, or nobody has counted it.
   *
   * @param layer the layer
   * @param state how far it has come
   * @param downloadedBytes compressed bytes that have arrived
   */
  public LayerProgress(Layer layer, LayerState state, long downloadedBytes) {
    this(layer, state, downloadedBytes, 0, 0, 0);
  }

  /**
   * The same in another state.
   *
   * @param next the state
   * @return a copy
   */
  public LayerProgress withState(LayerState next) {
    return new LayerProgress(layer, next, downloadedBytes, inflatedBytes, slowBytes, fastBytes);
  }

  /**
   * The same with another number of bytes that have arrived.
   *
   * @param bytes compressed bytes, in all
   * @return a copy
   */
  public LayerProgress withDownloadedBytes(long bytes) {
    return new LayerProgress(layer, state, bytes, inflatedBytes, slowBytes, fastBytes);
  }

  /**
   * The same after more was inflated.
   *
   * @param bytes how much more
   * @return a copy
   */
  public LayerProgress afterInflating(long bytes) {
    return new LayerProgress(
        layer, state, downloadedBytes, inflatedBytes + bytes, slowBytes, fastBytes);
  }

  /**
   * The same after inflated bytes were placed.
   *
   * @param tier where they went
   * @param bytes how many
   * @return a copy
   */
  public LayerProgress afterPlacing(Tier tier, long bytes) {
    return tier == Tier.SLOW
        ? new LayerProgress(
            layer, state, downloadedBytes, inflatedBytes, slowBytes + bytes, fastBytes)
        : new LayerProgress(
            layer, state, downloadedBytes, inflatedBytes, slowBytes, fastBytes + bytes);
  }

  /**
   * The layer's share of the work.
   *
   * @param role what it is to its deployment
   * @param inflation of the image so far, tar bytes to a compressed one
   */
  Allocation allocation(LayerRole role, double inflation) {
    long placed = slowBytes + fastBytes;
    double tar = layer.compressedBytes() * inflation;
    long toStore = state == LayerState.STORED ? placed : Math.max(inflatedBytes, (long) tar);
    String name = "layer " + layer.position() + ", " + state;
    return Allocation.of(
        role == LayerRole.UNDECIDED ? name : name + ", " + role,
        List.of(
            Allocation.leaf("download", downloadedBytes, layer.compressedBytes()),
            Allocation.leaf("store", placed, toStore)));
  }
}
