package io.github.ndocker.api;

/**
 * A non-empty range of bytes of a file, and how many runs read it. Immutable.
 *
 * @param offset first byte, counted from the start of the file
 * @param length number of bytes, at least 1
 * @param runs the number of runs that read it, at least 1
 */
public record CountedRange(long offset, long length, int runs) {
  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the range is empty, negative, or ends past {@code
   *     Long.MAX_VALUE}, or if no run read it
   */
  public CountedRange {
    if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("byte range at " + offset + " of length " + length);
    }
    if (runs < 1) {
      throw new IllegalArgumentException("a byte range that " + runs + " runs read");
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
