package io.github.ndocker.api;

/**
 * A non-empty range of bytes of a file. Immutable.
 *
 * @param offset first byte, counted from the start of the file
 * @param length number of bytes, at least 1
 */
public record ByteRange(long offset, long length) {
  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the range is empty, negative, or ends past {@code
   *     Long.MAX_VALUE}
   */
  public ByteRange {
    if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("byte range at " + offset + " of length " + length);
    }
  }

  /**
   * The first byte after the range.
   *
   * @return offset + length
   */
  public long end() {
    return offset + length;
  }
}
