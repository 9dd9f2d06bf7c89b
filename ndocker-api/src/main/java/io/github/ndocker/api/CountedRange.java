package io.github.ndocker.api;

/**
 * A non-empty range of bytes of a file, how many runs read it, and when. Immutable.
 *
 * @param offset first byte, counted from the start of the file
 * @param length number of bytes, at least 1
 * @param runs the number of runs that read it, at least 1
 * @param phase in which phase of a start it was first read, 0 for the first one or if that is not
 *     known; {@link Profile} says how long phases are
 */
public record CountedRange(long offset, long length, int runs, int phase) {
  /** The last phase, which has no end. */
  public static final int MAX_PHASE = 1000;

  /**
   * Checks the range.
   *
   * @throws IllegalArgumentException if the range is empty, negative, or ends past {@code
   *     Long.MAX_VALUE}, if no run read it, or if there is no such phase
   */
  public CountedRange {
    if (offset < 0 || length < 1 || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException("byte range at " + offset + " of length " + length);
    }
    if (runs < 1) {
      throw new IllegalArgumentException("a byte range that " + runs + " runs read");
    }
    if (phase < 0 || phase > MAX_PHASE) {
      throw new IllegalArgumentException("a byte range that was first read in phase " + phase);
    }
  }

  /**
   * A range of which it is not known when it was read.
   *
   * @param offset first byte, counted from the start of the file
   * @param length number of bytes, at least 1
   * @param runs the number of runs that read it, at least 1
   * @throws IllegalArgumentException as of the canonical constructor
   */
  public CountedRange(long offset, long length, int runs) {
    this(offset, length, runs, 0);
  }

  /** Whether they touch, and are one range but for that. */
  boolean continues(CountedRange before) {
    return offset == before.end() && runs == before.runs && phase == before.phase;
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
