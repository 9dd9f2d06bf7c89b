package io.github.ndocker.trust;

import io.github.ndocker.image.Descriptor;
import io.github.ndocker.image.JsonDocument;
import io.github.ndocker.image.MalformedManifestException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A manifest that names signatures instead of layers, as cosign stores them in a registry.
 * Immutable.
 *
 * @param entries the blobs it names, in its order
 */
public record SignatureManifest(List<Entry> entries) {
  /** Copies the list. */
  public SignatureManifest {
    entries = List.copyOf(entries);
  }

  /**
   * A blob that a signature is made of.
   *
   * @param blob its type, digest and size
   * @param annotations what the manifest says of it
   */
  public record Entry(Descriptor blob, Optional<JsonDocument> annotations) {
    /**
     * The signature beside a payload.
     *
     * @param subject what it is, for messages
     * @return its bytes
     * @throws MalformedManifestException if there is none
     */
    public byte[] signature(String subject) throws MalformedManifestException {
      return annotations
          .orElseThrow(
              () -> new MalformedManifestException(subject, "a payload without a signature"))
          .base64(ImageSignature.SIGNATURE_ANNOTATION);
    }
  }

  /**
   * Parses a manifest.
   *
   * @param json its bytes
   * @param subject what it is, for messages
   * @return the manifest
   * @throws MalformedManifestException if it is not one
   */
  public static SignatureManifest parse(byte[] json, String subject)
      throws MalformedManifestException {
    List<Entry> entries = new ArrayList<>();
    for (JsonDocument layer : JsonDocument.parse(json, subject).objects("layers")) {
      entries.add(new Entry(descriptor(layer, subject), layer.object("annotations")));
    }
    return new SignatureManifest(entries);
  }

  static Descriptor descriptor(JsonDocument entry, String subject)
      throws MalformedManifestException {
    long size = entry.number("size");
    if (size < 0) {
      throw new MalformedManifestException(subject, "names a blob of " + size + " bytes");
    }
    return new Descriptor(entry.text("mediaType"), entry.digest("digest"), size, Optional.empty());
  }
}
