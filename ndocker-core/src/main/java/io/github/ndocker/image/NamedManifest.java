package io.github.ndocker.image;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * An image of an OCI layout, and what the layout's index calls it ("Image Layout", OCI image
 * specification). Immutable.
 *
 * @param descriptor its manifest, or an index of it
 * @param refName {@code org.opencontainers.image.ref.name}: a tag, or a whole reference
 * @param imageName {@code io.containerd.image.name}: a whole reference
 */
public record NamedManifest(
    Descriptor descriptor, Optional<String> refName, Optional<String> imageName) {
  private static final String REF_NAME = "org.opencontainers.image.ref.name";
  private static final String IMAGE_NAME = "io.containerd.image.name";

  /** Checks that nothing is missing. */
  public NamedManifest {
    Objects.requireNonNull(descriptor, "descriptor");
    Objects.requireNonNull(refName, "refName");
    Objects.requireNonNull(imageName, "imageName");
  }

  /**
   * Parses the index of a layout.
   *
   * @param json the bytes of its {@code index.json}
   * @param subject what it is, for messages
   * @return its images; what else it names is left out
   * @throws MalformedManifestException if it is no index
   */
  public static List<NamedManifest> parse(byte[] json, String subject)
      throws MalformedManifestException {
    if (!(ManifestDocument.parse(json, "", subject) instanceof ImageIndex index)) {
      throw new MalformedManifestException(subject, "a manifest, where an index was expected");
    }
    List<JsonDocument> entries = JsonDocument.parse(json, subject).objects("manifests");
    List<NamedManifest> images = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Descriptor descriptor = index.manifests().get(i);
      if (MediaTypes.isManifest(descriptor.mediaType())
          || MediaTypes.isIndex(descriptor.mediaType())) {
        Optional<JsonDocument> words = entries.get(i).object("annotations");
        images.add(new NamedManifest(descriptor, word(words, REF_NAME), word(words, IMAGE_NAME)));
      }
    }
    return images;
  }

  private static Optional<String> word(Optional<JsonDocument> words, String key)
      throws MalformedManifestException {
    return words.isEmpty()
        ? Optional.empty()
        : Optional.of(words.get().text(key, "")).filter(text -> !text.isEmpty());
  }
}
