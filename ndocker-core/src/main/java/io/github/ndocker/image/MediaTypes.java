package io.github.ndocker.image;

import java.util.List;
import java.util.Set;

/**
 * The media types that are understood ("OCI Image Media Types", OCI image specification; "Image
 * Manifest V 2, Schema 2", Docker).
 */
public final class MediaTypes {
  /** An index of the OCI image specification. */
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";

  /** An index as Docker names it. */
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  /** A manifest of the OCI image specification. */
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";

  /** A manifest as Docker names it. */
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";

  /** A configuration of the OCI image specification. */
  public static final String OCI_CONFIG = "application/vnd.oci.image.config.v1+json";

  /** A layer that is a plain tar; what compressed it is said after a plus sign. */
  public static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";

  /** What a registry may answer when an image is asked for, the preferred ones first. */
  public static final List<String> ACCEPTED =
      List.of(OCI_INDEX, DOCKER_LIST, OCI_MANIFEST, DOCKER_MANIFEST);

  static final Set<String> CONFIGS =
      Set.of(OCI_CONFIG, "application/vnd.docker.container.image.v1+json");

  static final Set<String> LAYERS =
      Set.of(
          OCI_LAYER,
          OCI_LAYER + "+gzip",
          OCI_LAYER + "+zstd",
          "application/vnd.docker.image.rootfs.diff.tar",
          "application/vnd.docker.image.rootfs.diff.tar.gzip",
          "application/vnd.docker.image.rootfs.diff.tar.zstd");

  private MediaTypes() {}

  /**
   * Whether a document is an index of images.
   *
   * @param mediaType its media type
   * @return true for an index of the OCI and a list of Docker
   */
  public static boolean isIndex(String mediaType) {
    return mediaType.equals(OCI_INDEX) || mediaType.equals(DOCKER_LIST);
  }

  /**
   * Whether a document is the manifest of one image.
   *
   * @param mediaType its media type
   * @return true for a manifest of the OCI and one of Docker's schema 2
   */
  public static boolean isManifest(String mediaType) {
    return mediaType.equals(OCI_MANIFEST) || mediaType.equals(DOCKER_MANIFEST);
  }

  /** Schema 1, signed or not; its layers have no diff IDs, so nothing of it could be verified. */
  static boolean isSchema1(String mediaType) {
    return mediaType.startsWith("application/vnd.docker.distribution.manifest.v1+");
  }

  /** Layers that lie elsewhere, of Windows images; deprecated in both specifications. */
  static boolean isForeignLayer(String mediaType) {
    return mediaType.contains(".nondistributable.") || mediaType.contains(".rootfs.foreign.");
  }
}
