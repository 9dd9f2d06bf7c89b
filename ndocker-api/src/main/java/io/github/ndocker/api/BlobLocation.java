package io.github.ndocker.api;

import java.nio.file.Path;
import java.util.Objects;

/**
 * Where the kernel finds a blob: a contiguous range of a file. Immutable.
 *
 * @param tier the tier the blob lies on
 * @param file the file that holds it: one of its own on a file tier, the pool on a heap tier
 * @param offset first byte of the blob in the file, a multiple of 512
 * @param length size of the blob in bytes
 */
public record BlobLocation(Tier tier, Path file, long offset, long length) {
  /**
   * Checks offset and length.
   *
   * @throws IllegalArgumentException if the offset is not a multiple of 512 or a number is negative
   */
  public BlobLocation {
    Objects.requireNonNull(tier, "tier");
    Objects.requireNonNull(file, "file");
    if (offset < 0 || offset % 512 != 0 || length < 0) {
      throw new IllegalArgumentException("blob at " + offset + " of length " + length);
    }
  }
}
