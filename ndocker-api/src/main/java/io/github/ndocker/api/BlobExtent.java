package io.github.ndocker.api;

import java.nio.file.Path;
import java.util.Objects;

/**
 * A contiguous range of a file that holds bytes of a blob. Immutable.
 *
 * @param tier the tier the file belongs to
 * @param file one of the blob's own on a file tier, the pool on a heap tier
 * @param offset first byte in the file, a multiple of 512
 * @param length bytes
 */
public record BlobExtent(Tier tier, Path file, long offset, long length) {
  /**
   * Checks offset and length.
   *
   * @throws IllegalArgumentException if the offset is not a multiple of 512 or a number is negative
   */
  public BlobExtent {
    Objects.requireNonNull(tier, "tier");
    Objects.requireNonNull(file, "file");
    if (offset < 0 || offset % 512 != 0 || length < 0) {
      throw new IllegalArgumentException("extent at " + offset + " of length " + length);
    }
  }
}
