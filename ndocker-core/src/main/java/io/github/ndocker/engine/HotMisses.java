package io.github.ndocker.engine;

import java.util.List;

/**
 * What containers of an image have read, and how much of it came from the slow tier because no hot
 * pack holds it. Immutable.
 *
 * @param packedBytes what the image has in hot packs; 0 if it is not promoted, or they are lost
 * @param readBytes what was read, in whole pages, each once
 * @param missedBytes how much of that lies on the slow tier and in no pack
 * @param missedRanges in so many pieces: a disk has to seek for each
 * @param missedFiles the number of files that these are of
 * @param files those of which most was missed, most first; at most {@link #MOST_FILES}
 */
public record HotMisses(
    long packedBytes,
    long readBytes,
    long missedBytes,
    int missedRanges,
    int missedFiles,
    List<MissedFile> files) {
  /** So many files at most are named. */
  public static final int MOST_FILES = 20;

  /**
   * Missed bytes above this share of the packed ones make a profile stale, if nobody says
   * otherwise: of two traced starts of one image the second one misses about a thousandth.
   */
  public static final double STALE_SHARE = 0.02;

  /**
   * As much may always be missed, in bytes: a disk reads so many scattered pages in a tenth of a
   * second.
   */
  public static final long NEGLIGIBLE_BYTES = 64 << 10;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative, more was missed than read, or too many
   *     files are named
   */
  public HotMisses {
    files = List.copyOf(files);
    if (packedBytes < 0
        || missedBytes < 0
        || missedBytes > readBytes
        || missedRanges < missedFiles
        || missedFiles < files.size()
        || files.size() > MOST_FILES) {
      throw new IllegalArgumentException(
          missedBytes
              + " of "
              + readBytes
              + " bytes in "
              + missedRanges
              + " ranges of "
              + missedFiles
              + " files were missed, "
              + packedBytes
              + " are packed");
    }
  }

  /**
   * How much of what was read did not have to come from the slow tier.
   *
   * @return a share from 0 to 1; 1 if nothing was read
   */
  public double hitShare() {
    return readBytes == 0 ? 1 : (double) (readBytes - missedBytes) / readBytes;
  }

  /**
   * Whether the profile that the image was promoted by does not say any more what is read.
   *
   * @return true if more than {@link #STALE_SHARE} is missed
   */
  public boolean isStale() {
    return isStale(STALE_SHARE);
  }

  /**
   * As {@link #isStale()}, with another threshold.
   *
   * @param share of the packed bytes; so many may be missed, and {@link #NEGLIGIBLE_BYTES} if that
   *     is more
   * @return true if more are
   * @throws IllegalArgumentException if the share is negative or no number
   */
  public boolean isStale(double share) {
    if (!(share >= 0)) {
      throw new IllegalArgumentException("a share of " + share + " of the packed bytes");
    }
    return missedBytes > Math.max(NEGLIGIBLE_BYTES, share * packedBytes);
  }
}
