package io.github.ndocker.image;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * An image for one platform, with every document that describes it, verified against the digests
 * that name them. Immutable; the arrays are copies. Two are equal if reference and manifest are.
 *
 * @param reference what was asked for
 * @param manifestDigest the digest of the platform's manifest
 * @param rawManifest the manifest, byte for byte
 * @param rawConfig the configuration, byte for byte
 * @param config the configuration, parsed
 * @param layers the layers from the bottom up, at least one
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, and equality is defined
public record ResolvedImage(
    ImageReference reference,
    Digest manifestDigest,
    byte[] rawManifest,
    byte[] rawConfig,
    ImageConfig config,
    List<Layer> layers) {
  /** Copies the arrays and the list. */
  public ResolvedImage {
    Objects.requireNonNull(reference, "reference");
    Objects.requireNonNull(manifestDigest, "manifestDigest");
    rawManifest = rawManifest.clone();
    rawConfig = rawConfig.clone();
    Objects.requireNonNull(config, "config");
    layers = List.copyOf(layers);
  }

  /**
   * Joins a manifest and its configuration, whose bytes must have been verified.
   *
   * @param reference what was asked for
   * @param manifestDigest the digest of the manifest
   * @param rawManifest the manifest, byte for byte
   * @param rawConfig the configuration, byte for byte
   * @return the image
   * @throws MalformedManifestException if one of them is malformed, or they do not have the same
   *     number of layers
   */
  public static ResolvedImage of(
      ImageReference reference, Digest manifestDigest, byte[] rawManifest, byte[] rawConfig)
      throws MalformedManifestException {
    String subject = "manifest of " + reference;
    ManifestDocument document = ManifestDocument.parse(rawManifest, "", subject);
    if (!(document instanceof Manifest manifest)) {
      throw new MalformedManifestException(subject, "an index, where a manifest was expected");
    }
    ImageConfig config = ImageConfig.parse(rawConfig, "configuration of " + reference);
    List<DiffId> diffIds = config.diffIds();
    if (diffIds.size() != manifest.layers().size()) {
      throw new MalformedManifestException(
          subject,
          manifest.layers().size()
              + " layers, but its configuration has "
              + diffIds.size()
              + " diff IDs");
    }
    List<Layer> layers = new ArrayList<>(diffIds.size());
    for (Descriptor layer : manifest.layers()) {
      int position = layers.size();
      layers.add(new Layer(position, layer.digest(), layer.size(), diffIds.get(position)));
    }
    return new ResolvedImage(reference, manifestDigest, rawManifest, rawConfig, config, layers);
  }

  /**
   * The identity of the image's stack of layers.
   *
   * @return the chain ID of the topmost layer
   */
  public ChainId chainId() {
    return ChainId.of(layers.stream().map(Layer::diffId).toList());
  }

  /**
   * The manifest.
   *
   * @return a copy of its bytes
   */
  @Override
  public byte[] rawManifest() {
    return rawManifest.clone();
  }

  /**
   * The configuration.
   *
   * @return a copy of its bytes
   */
  @Override
  public byte[] rawConfig() {
    return rawConfig.clone();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ResolvedImage image
        && reference.equals(image.reference)
        && manifestDigest.equals(image.manifestDigest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(reference, manifestDigest);
  }

  /** Returns the reference and the digest of the manifest. */
  @Override
  public String toString() {
    return reference + " (manifest " + manifestDigest + ")";
  }
}
