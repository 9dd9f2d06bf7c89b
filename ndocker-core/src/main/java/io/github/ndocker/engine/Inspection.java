package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Where an image lies. Immutable.
 *
 * @param reference its name
 * @param manifestDigest digest of its manifest
 * @param chainId chain ID of its layers
 * @param layers from the bottom up
 * @param hotPack its hot pack, if it is promoted
 * @param hotFiles the files that traced starts read, in the order of first access
 * @param metadataBytes size of its metadata image
 */
public record Inspection(
    String reference,
    Digest manifestDigest,
    ChainId chainId,
    List<LayerPlace> layers,
    Optional<BlobLocation> hotPack,
    List<HotFilePlace> hotFiles,
    long metadataBytes) {
  /** Copies the lists. */
  public Inspection {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(manifestDigest, "manifestDigest");
    Objects.requireNonNull(chainId, "chainId");
    layers = List.copyOf(layers);
    Objects.requireNonNull(hotPack, "hotPack");
    hotFiles = List.copyOf(hotFiles);
  }

  /**
   * Bytes of the image on the fast tier: layers and hot pack. A layer that is there twice counts
   * once.
   *
   * @return bytes
   */
  public long fastBytes() {
    return hotPack.map(pack -> pack.bytesOn(Tier.FAST)).orElse(0L) + layerBytes(Tier.FAST);
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
