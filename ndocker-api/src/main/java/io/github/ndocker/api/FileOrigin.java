package io.github.ndocker.api;

import java.util.Objects;

/**
 * Where the bytes of an image's file come from, and what they are: by that a file is found again in
 * another image. Immutable.
 *
 * @param layer the layer that holds it
 * @param offset its first byte, counted from the start of the layer's uncompressed tar
 * @param size the size of the whole file, in bytes
 * @param content the SHA-256 of the whole file
 */
public record FileOrigin(DiffId layer, long offset, long size, Digest content) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if offset or size is negative, or their sum is too large, or
   *     the digest is no SHA-256
   */
  public FileOrigin {
    Objects.requireNonNull(layer, "layer");
    if (offset < 0 || size < 0 || offset > Long.MAX_VALUE - size) {
      throw new IllegalArgumentException("a file at " + offset + " of " + size + " bytes");
    }
    if (!content.algorithm().equals("sha256")) {
      throw new IllegalArgumentException("the digest of a file's content is SHA-256: " + content);
    }
  }
}
