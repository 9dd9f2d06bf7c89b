package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * A deployed image. Immutable.
 *
 * @param reference the name it was deployed under
 * @param manifestDigest digest of the manifest
 * @param chainId the chain ID of its layers
 * @param layers from the bottom up, at least one, each at its position
 * @param manifest the manifest, byte for byte
 * @param config the image configuration, byte for byte
 * @param deployedAt when it became ready to start, to the millisecond
 */
@SuppressWarnings("ArrayRecordComponent") // documents, copied at the border and compared by content
public record ImageRecord(
    String reference,
    Digest manifestDigest,
    ChainId chainId,
    List<Layer> layers,
    byte[] manifest,
    byte[] config,
    Instant deployedAt)
    implements CatalogueRecord {
  /**
   * Checks that the parts fit together.
   *
   * @throws IllegalArgumentException if the layers are not in order or the chain ID is not theirs
   */
  public ImageRecord {
    Objects.requireNonNull(manifestDigest, "manifestDigest");
    layers = List.copyOf(layers);
    manifest = manifest.clone();
    config = config.clone();
    deployedAt = Instant.ofEpochMilli(deployedAt.toEpochMilli());
    if (reference.isBlank()) {
      throw new IllegalArgumentException("an image has a reference");
    }
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i).position() != i) {
        throw new IllegalArgumentException(
            "layer at index " + i + " has position " + layers.get(i).position());
      }
    }
    if (!ChainId.of(layers.stream().map(Layer::diffId).toList()).equals(chainId)) {
      throw new IllegalArgumentException("chain ID " + chainId + " is not that of the layers");
    }
  }

  /** Returns a copy of the manifest. */
  @Override
  public byte[] manifest() {
    return manifest.clone();
  }

  /** Returns a copy of the configuration. */
  @Override
  public byte[] config() {
    return config.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImageRecord that
        && reference.equals(that.reference)
        && manifestDigest.equals(that.manifestDigest)
        && layers.equals(that.layers)
        && Arrays.equals(manifest, that.manifest)
        && Arrays.equals(config, that.config)
        && deployedAt.equals(that.deployedAt);
  }

  @Override
  public int hashCode() {
    return Objects.hash(reference, manifestDigest, deployedAt);
  }

  /** Returns reference and manifest digest. */
  @Override
  public String toString() {
    return reference + "@" + manifestDigest;
  }

  @Override
  public String label() {
    return "image " + reference;
  }
}
