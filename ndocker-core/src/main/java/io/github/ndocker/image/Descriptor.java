package io.github.ndocker.image;

import io.github.ndocker.api.Digest;
import java.util.Objects;
import java.util.Optional;

/**
 * What one document of an image says about another ("Content Descriptors", OCI image
 * specification). Immutable.
 *
 * @param mediaType what the other one is
 * @param digest the digest of its bytes
 * @param size the number of its bytes
 * @param platform what it is built for, if the descriptor tells
 */
public record Descriptor(String mediaType, Digest digest, long size, Optional<Platform> platform) {
  /**
   * Checks the size.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public Descriptor {
    Objects.requireNonNull(mediaType, "mediaType");
    Objects.requireNonNull(digest, "digest");
    Objects.requireNonNull(platform, "platform");
    if (size < 0) {
      throw new IllegalArgumentException("descriptor of " + size + " bytes");
    }
  }
}
