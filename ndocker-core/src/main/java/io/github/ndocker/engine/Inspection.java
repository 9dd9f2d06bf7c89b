package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import java.util.List;
import java.util.Objects;

/**
 * Where an image lies. Immutable.
 *
 * @param reference its name
 * @param manifestDigest digest of its manifest
 * @param chainId chain ID of its layers
 * @param layers from the bottom up
 * @param hotPacks the hot packs it is served from, if it is promoted
 * @param hotFiles the files that traced starts read, in the order of first access
 * @param metadataBytes size of its metadata image
 */
public record Inspection(
    String reference,
    Digest manifestDigest,
    ChainId chainId,
    List<LayerPlace> layers,
    List<HotPackPlace> hotPacks,
    List<HotFilePlace> hotFiles,
    long metadataBytes) {
  /** Copies the lists. */
  public Inspection {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(manifestDigest, "manifestDigest");
    Objects.requireNonNull(chainId, "chainId");
    layers = List.copyOf(layers);
    hotPacks = List.copyOf(hotPacks);
    hotFiles = List.copyOf(hotFiles);
  }

  /**
   * Bytes of the image on the fast tier: layers, and what it uses of hot packs. A layer that is
   * there twice counts once; what other images use too counts for each of them.
   *
   * @return bytes
   */
  public long fastBytes() {
    return hotPacks.stream().mapToLong(HotPackPlace::fastBytes).sum() + layerBytes(Tier.FAST);
  }

  /**
   * Bytes of the image's layers, uncompressed.
   *
   * @return bytes
   */
  public long imageBytes() {
    return layerBytes(Tier.FAST) + layerBytes(Tier.SLOW);
  }

  private long layerBytes(Tier tier) {
    return layers.stream()
        .flatMap(place -> place.location().stream())
        .distinct()
        .mapToLong(location -> location.bytesOn(tier))
        .sum();
  }
}
