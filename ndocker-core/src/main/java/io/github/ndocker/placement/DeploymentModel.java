package io.github.ndocker.placement;

import java.util.List;

/**
 * The cost model of the N-Docker paper (section 2.2): how long a deployment takes, and how many
 * bytes of it lie on the fast tier, if the boundary layer and all above it are stored there.
 *
 * <p>It assumes that layers below the last downloading one (LDL) are stored while the download goes
 * on, at no cost, and that from its end on LDL and the layers above it (LAL) are stored one after
 * the other. {@code placement.md} says where that breaks. Positions count from 0, the bottom layer;
 * a boundary of N, the number of layers, leaves everything on the slow tier. Immutable.
 *
 * @param layerBytes sizes of the layers as they are stored, from the bottom up
 * @param lastDownloading position of the LDL (the paper's K)
 * @param downloadSeconds T_D
 * @param slowSecondsPerByte the paper's α
 * @param fastSecondsPerByte the paper's β
 */
public record DeploymentModel(
    List<Long> layerBytes,
    int lastDownloading,
    double downloadSeconds,
    double slowSecondsPerByte,
    double fastSecondsPerByte) {
  /** Where a boundary lies, seen from the last downloading layer. */
  public enum Strategy {
    /** M &lt; K: more on the fast tier than is of any use. */
    BELOW_LAST_DOWNLOADING,
    /** M &gt; K: some of LDL and LAL is written at the slow tier's rate while the user waits. */
    ABOVE_LAST_DOWNLOADING,
    /** M = K: the least time, and of all that take the least time the fewest bytes. */
    AT_LAST_DOWNLOADING
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if there is no layer, the LDL is none of them, a size is
   *     negative, or the fast tier is slower than the slow one
   */
  public DeploymentModel {
    layerBytes = List.copyOf(layerBytes);
    if (lastDownloading < 0 || lastDownloading >= layerBytes.size()) {
      throw new IllegalArgumentException(
          "layer " + lastDownloading + " is none of " + layerBytes.size());
    }
    for (long bytes : layerBytes) {
      if (bytes < 0) {
        throw new IllegalArgumentException("a layer of " + bytes + " bytes");
      }
    }
    if (!(downloadSeconds >= 0)
        || !(fastSecondsPerByte >= 0)
        || !(slowSecondsPerByte >= fastSecondsPerByte)) {
      throw new IllegalArgumentException(
          "download "
              + downloadSeconds
              + " s, slow "
              + slowSecondsPerByte
              + " s/byte, fast "
              + fastSecondsPerByte
              + " s/byte");
    }
  }

  /**
   * Which of the three strategies a boundary is.
   *
   * @param boundary position of the boundary layer (the paper's M)
   * @return its name
   */
  public Strategy strategy(int boundary) {
    check(boundary);
    if (boundary == lastDownloading) {
      return Strategy.AT_LAST_DOWNLOADING;
    }
    return boundary < lastDownloading
        ? Strategy.BELOW_LAST_DOWNLOADING
        : Strategy.ABOVE_LAST_DOWNLOADING;
  }

  /**
   * T_total.
   *
   * @param boundary position of the boundary layer
   * @return seconds from the first request until the last layer is stored
   */
  public double totalSeconds(int boundary) {
    check(boundary);
    long slow = bytes(lastDownloading, Math.max(lastDownloading, boundary));
    long fast = bytes(Math.max(lastDownloading, boundary), layerBytes.size());
    return downloadSeconds + slowSecondsPerByte * slow + fastSecondsPerByte * fast;
  }

  /**
   * U_total.
   *
   * @param boundary position of the boundary layer
   * @return bytes on the fast tier
   */
  public long fastBytes(int boundary) {
    check(boundary);
    return bytes(boundary, layerBytes.size());
  }

  private long bytes(int from, int to) {
    long sum = 0;
    for (long bytes : layerBytes.subList(from, to)) {
      sum = Math.addExact(sum, bytes);
    }
    return sum;
  }

  private void check(int boundary) {
    if (boundary < 0 || boundary > layerBytes.size()) {
      throw new IllegalArgumentException(
          "boundary " + boundary + " in an image of " + layerBytes.size() + " layers");
    }
  }
}
