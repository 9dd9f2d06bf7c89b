package io.github.ndocker.api;

import java.util.Objects;

/**
 * The digest of a layer's uncompressed tar ("Layer DiffID", OCI image specification); the key of
 * its blob. Immutable.
 *
 * @param digest the digest of the tar, exactly as it is stored
 */
public record DiffId(Digest digest) {
  /** Checks that the digest is there. */
  public DiffId {
    Objects.requireNonNull(digest, "digest");
  }

  /**
   * Parses {@code algorithm:hex}.
   *
   * @param text the diff ID as an image configuration writes it
   * @return the diff ID
   * @throws IllegalArgumentException if the text is not a digest
   */
  public static DiffId parse(String text) {
    return new DiffId(Digest.parse(text));
  }

  /** Returns {@code algorithm:hex}. */
  @Override
  public String toString() {
    return digest.toString();
  }
}
