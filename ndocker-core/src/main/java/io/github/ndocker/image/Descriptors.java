package io.github.ndocker.image;

import io.github.ndocker.api.Digest;
import java.util.Optional;

/** Reads descriptors. */
final class Descriptors {
  private Descriptors() {}

  static Descriptor of(JsonDocument document, String subject) throws MalformedManifestException {
    Digest digest = document.digest("digest");
    long size = document.number("size");
    if (size < 0) {
      throw new MalformedManifestException(subject, digest + " has a size of " + size);
    }
    Optional<Platform> platform = Optional.empty();
    Optional<JsonDocument> described = document.object("platform");
    if (described.isPresent()) {
      JsonDocument words = described.get();
      platform =
          Optional.of(
              new Platform(
                  words.text("os", ""), words.text("architecture", ""), words.text("variant", "")));
    }
    return new Descriptor(document.text("mediaType"), digest, size, platform);
  }
}
