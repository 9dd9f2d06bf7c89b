package io.github.ndocker.source;

import java.util.Objects;

/**
 * The documents of an image that is there already. Not to be trusted by itself: whoever uses it
 * checks the bytes by their digests.
 *
 * @param manifest the manifest, byte for byte; not copied
 * @param config the configuration, byte for byte; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record KnownImage(byte[] manifest, byte[] config) {
  /** Checks that nothing is missing. */
  public KnownImage {
    Objects.requireNonNull(manifest, "manifest");
    Objects.requireNonNull(config, "config");
  }
}
