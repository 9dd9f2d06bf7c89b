package io.github.ndocker.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the kernel finds a blob. Immutable.
 *
 * @param extents the parts of the blob from its first byte to its last, without a gap; one of them
 *     unless the blob is split between the tiers or lies in pieces on one
 */
public record BlobLocation(List<BlobExtent> extents) {
  /**
   * Checks that there is an extent.
   *
   * @throws IllegalArgumentException if there is none
   */
  public BlobLocation {
    extents = List.copyOf(extents);
    if (extents.isEmpty()) {
      throw new IllegalArgumentException("a blob lies somewhere");
    }
  }

  /**
   * A blob in one piece.
   *
   * @param tier the tier it lies on
   * @param file the file that holds it
   * @param offset first byte of the blob in the file, a multiple of 512
   * @param length size of the blob in bytes
   */
  public BlobLocation(Tier tier, Path file, long offset, long length) {
    this(List.of(new BlobExtent(tier, file, offset, length)));
  }

  /**
   * The size of the blob.
   *
   * @return bytes
   */
  public long length() {
    return extents.stream().mapToLong(BlobExtent::length).sum();
  }

  /**
   * How much of the blob is on a tier.
   *
   * @param tier which
   * @return bytes
   */
  public long bytesOn(Tier tier) {
    return extents.stream()
        .filter(extent -> extent.tier() == tier)
        .mapToLong(BlobExtent::length)
        .sum();
  }

  /**
   * Whether a tier alone holds the blob.
   *
   * @param tier which
   * @return false if any part of it is on another
   */
  public boolean isWhollyOn(Tier tier) {
    return extents.stream().allMatch(extent -> extent.tier() == tier);
  }

  /**
   * Where a range of the blob lies.
   *
   * @param from its first byte in the blob
   * @param to the byte after its last one
   * @return extents of the range's bytes, in order
   * @throws IllegalArgumentException if the blob has no such range, or a part of it would begin
   *     where none may
   */
  public List<BlobExtent> range(long from, long to) {
    if (from < 0 || from > to) {
      throw new IllegalArgumentException("bytes " + from + " to " + to);
    }
    List<BlobExtent> parts = new ArrayList<>();
    long begin = 0;
    for (BlobExtent extent : extents) {
      long end = begin + extent.length();
      long first = Math.max(from, begin);
      long last = Math.min(to, end);
      if (first < last) {
        parts.add(
            new BlobExtent(
                extent.tier(), extent.file(), extent.offset() + first - begin, last - first));
      }
      begin = end;
      if (begin >= to) {
        break;
      }
    }
    if (to > begin) {
      throw new IllegalArgumentException("byte " + to + " of a blob of " + begin);
    }
    return parts;
  }
}
