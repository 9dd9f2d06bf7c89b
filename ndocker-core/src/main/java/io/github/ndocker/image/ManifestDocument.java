package io.github.ndocker.image;

/** What a registry answers when it is asked for an image. Immutable. */
public sealed interface ManifestDocument permits Manifest, ImageIndex {
  /**
   * The type it declares, or was served as.
   *
   * @return one of {@link MediaTypes#ACCEPTED}
   */
  String mediaType();

  /**
   * Parses a manifest or an index.
   *
   * @param json its bytes
   * @param servedAs the media type it came with, without parameters; empty if there was none
   * @param subject what it is, for messages
   * @return the document
   * @throws MalformedManifestException if it is neither, contradicts the type it came with, or is
   *     of a kind that is not supported
   */
  static ManifestDocument parse(byte[] json, String servedAs, String subject)
      throws MalformedManifestException {
    if (MediaTypes.isSchema1(servedAs)) {
      throw schema1(subject);
    }
    JsonDocument document = JsonDocument.parse(json, subject);
    long schema = document.number("schemaVersion");
    if (schema == 1) {
      throw schema1(subject);
    }
    if (schema != 2) {
      throw new MalformedManifestException(subject, "expected schema version 2, found " + schema);
    }
    String declared = document.text("mediaType", "");
    String mediaType = declared.isEmpty() ? servedAs : declared;
    if (mediaType.isEmpty()) {
      mediaType = document.has("manifests") ? MediaTypes.OCI_INDEX : MediaTypes.OCI_MANIFEST;
    }
    if (!servedAs.isEmpty() && !servedAs.equals(mediaType)) {
      throw new MalformedManifestException(
          subject, "served as '" + servedAs + "' but declares '" + declared + "'");
    }
    // a document that is both would be one image to one reader and another to the next
    if (document.has("manifests") && (document.has("layers") || document.has("config"))) {
      throw new MalformedManifestException(subject, "both a manifest and an index");
    }
    if (MediaTypes.isIndex(mediaType)) {
      return ImageIndex.of(document, mediaType, subject);
    }
    if (MediaTypes.isManifest(mediaType)) {
      return Manifest.of(document, mediaType, subject);
    }
    throw new MalformedManifestException(
        subject, "'" + mediaType + "' is neither a manifest nor an index of images");
  }

  private static MalformedManifestException schema1(String subject) {
    return new MalformedManifestException(
        subject,
        "a manifest of schema 1, which names no diff IDs to verify layers by;"
            + " push the image again with a current tool");
  }
}
