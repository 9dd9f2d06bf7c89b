package io.github.ndocker.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The configuration and the layers of one image for one platform ("Image Manifest", OCI image
 * specification; a manifest of Docker's schema 2 is the same). Immutable.
 *
 * @param mediaType {@link MediaTypes#OCI_MANIFEST} or {@link MediaTypes#DOCKER_MANIFEST}
 * @param config the image configuration
 * @param layers the layers from the bottom up
 */
public record Manifest(String mediaType, Descriptor config, List<Descriptor> layers)
    implements ManifestDocument {
  /** Far above the 127 of Docker; an image with more is meant to do harm. */
  static final int MAX_LAYERS = 1_000;

  /** More than any tier has; sums over all layers stay far from what a long holds. */
  static final long MAX_LAYER_BYTES = 1L << 42;

  /** Copies the list. */
  public Manifest {
    Objects.requireNonNull(mediaType, "mediaType");
    Objects.requireNonNull(config, "config");
    layers = List.copyOf(layers);
  }

  static Manifest of(JsonDocument document, String mediaType, String subject)
      throws MalformedManifestException {
    Descriptor config =
        Descriptors.of(
            document
                .object("config")
                .orElseThrow(
                    () -> new MalformedManifestException(subject, "names no configuration")),
            subject);
    if (!MediaTypes.CONFIGS.contains(config.mediaType())) {
      throw new MalformedManifestException(
          subject, "its configuration is '" + config.mediaType() + "', not that of an image");
    }
    if (config.size() > JsonDocument.MAX_BYTES) {
      throw new MalformedManifestException(
          subject,
          "a configuration of " + config.size() + " bytes; at most " + JsonDocument.MAX_BYTES);
    }
    List<JsonDocument> elements = document.objects("layers");
    if (elements.isEmpty() || elements.size() > MAX_LAYERS) {
      throw new MalformedManifestException(
          subject, elements.size() + " layers; an image has between 1 and " + MAX_LAYERS);
    }
    List<Descriptor> layers = new ArrayList<>(elements.size());
    for (JsonDocument element : elements) {
      layers.add(layer(Descriptors.of(element, subject), layers.size(), subject));
    }
    return new Manifest(mediaType, config, layers);
  }

  private static Descriptor layer(Descriptor layer, int position, String subject)
      throws MalformedManifestException {
    if (MediaTypes.isForeignLayer(layer.mediaType())) {
      throw new MalformedManifestException(
          subject, "layer " + position + " is a foreign one, which the registry does not hold");
    }
    if (!MediaTypes.LAYERS.contains(layer.mediaType())) {
      throw new MalformedManifestException(
          subject,
          "layer "
              + position
              + " is '"
              + layer.mediaType()
              + "', not a tar in plain, gzip or zstd form");
    }
    if (layer.size() > MAX_LAYER_BYTES) {
      throw new MalformedManifestException(
          subject,
          "layer "
              + position
              + " is said to have "
              + layer.size()
              + " bytes; at most "
              + MAX_LAYER_BYTES);
    }
    return layer;
  }
}
