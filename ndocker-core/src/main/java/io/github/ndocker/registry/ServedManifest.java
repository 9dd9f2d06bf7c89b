package io.github.ndocker.registry;

import java.net.http.HttpHeaders;
import java.util.Locale;
import java.util.Optional;

/** The bytes of a manifest or index, and what the registry says they are. */
@SuppressWarnings("ArrayRecordComponent") // never compared, never leaves the package
record ServedManifest(byte[] json, String mediaType, Optional<String> declaredDigest) {
  static ServedManifest of(HttpHeaders headers, byte[] json) {
    String type = headers.firstValue("Content-Type").orElse("");
    int parameters = type.indexOf(';');
    String mediaType = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    return new ServedManifest(
        json,
        // "application/json" is what file servers say; it contradicts nothing
        mediaType.equals("application/json") ? "" : mediaType.toLowerCase(Locale.ROOT),
        headers.firstValue("Docker-Content-Digest"));
  }

  /** With the type that its index names, where the registry did not say one. */
  ServedManifest named(String mediaTypeInIndex) {
    return mediaType.isEmpty() ? new ServedManifest(json, mediaTypeInIndex, declaredDigest) : this;
  }
}
