package io.github.ndocker.engine;

import java.util.Objects;

/**
 * A file of a promoted image that was read from the slow tier. Immutable.
 *
 * @param path absolute path in the image
 * @param missedBytes how much was read that no pack holds, in whole pages
 * @param missedRanges in so many pieces: a disk has to seek for each
 */
public record MissedFile(String path, long missedBytes, int missedRanges) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if nothing was missed
   */
  public MissedFile {
    Objects.requireNonNull(path, "path");
    if (missedBytes < 1 || missedRanges < 1) {
      throw new IllegalArgumentException(
          missedBytes + " bytes in " + missedRanges + " ranges of " + path + " were missed");
    }
  }
}
