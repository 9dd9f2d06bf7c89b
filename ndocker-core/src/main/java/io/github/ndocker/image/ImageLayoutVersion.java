package io.github.ndocker.image;

/** The marker of an OCI layout, its file {@code oci-layout}. */
public final class ImageLayoutVersion {
  private ImageLayoutVersion() {}

  /**
   * Checks a marker.
   *
   * @param json its bytes
   * @param subject what it is, for messages
   * @throws MalformedManifestException if it is none, or of a version that is not understood
   */
  public static void check(byte[] json, String subject) throws MalformedManifestException {
    String version = JsonDocument.parse(json, subject).text("imageLayoutVersion");
    if (!version.startsWith("1.")) {
      throw new MalformedManifestException(
          subject, "an OCI layout of the version '" + version + "'; 1.0.0 is understood");
    }
  }
}
