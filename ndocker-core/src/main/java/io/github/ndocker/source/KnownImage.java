package io.github.ndocker.source;

/**
 * The documents of an image that is there already. Not to be trusted by itself: whoever uses it
 * checks the bytes by their digests. Immutable; the arrays are copies.
 *
 * @param manifest the manifest, byte for byte
 * @param config the configuration, byte for byte
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, and never compared
public record KnownImage(byte[] manifest, byte[] config) {
  /** Copies the arrays. */
  public KnownImage {
    manifest = manifest.clone();
    config = config.clone();
  }

  /**
   * The manifest.
   *
   * @return a copy of its bytes
   */
  @Override
  public byte[] manifest() {
    return manifest.clone();
  }

  /**
   * The configuration.
   *
   * @return a copy of its bytes
   */
  @Override
  public byte[] config() {
    return config.clone();
  }
}
