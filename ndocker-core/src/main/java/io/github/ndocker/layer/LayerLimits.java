package io.github.ndocker.layer;

/**
 * How much a layer may make us keep. Checked before memory is spent. Immutable.
 *
 * @param tarBytes bytes of the uncompressed tar
 * @param entries entries of the tar
 * @param pathBytes bytes of one path or link target; Linux itself takes 4,096
 * @param headerBytes bytes of one PAX or GNU long-name header
 * @param indexBytes bytes of all paths, link targets and extended attributes together
 * @param inflationFloorBytes bytes of the tar up to which a compressed layer may inflate by any
 *     factor: small layers of zeros are common
 * @param inflationRatio bytes of the tar for each compressed byte beyond that
 */
public record LayerLimits(
    long tarBytes,
    int entries,
    int pathBytes,
    int headerBytes,
    long indexBytes,
    long inflationFloorBytes,
    int inflationRatio) {
  /**
   * More than any image seen in the wild, less than what hurts. Programs and texts inflate to three
   * to ten times their size, preallocated files of databases to some dozens; only zeros reach the
   * 1,032 that deflate can do at most, or the 30,000 of Zstandard.
   */
  public static final LayerLimits DEFAULT =
      new LayerLimits(1L << 40, 2_000_000, 4096, 1 << 20, 512L << 20, 1L << 30, 200);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if one of them allows nothing
   */
  public LayerLimits {
    if (tarBytes < 1
        || entries < 1
        || pathBytes < 1
        || headerBytes < 1
        || indexBytes < 1
        || inflationFloorBytes < 1
        || inflationRatio < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }

  /**
   * These limits with other ones for how far a layer may inflate.
   *
   * @param floorBytes bytes of the tar up to which any factor is allowed
   * @param ratio bytes of the tar for each compressed byte beyond that
   * @return the limits
   */
  public LayerLimits withInflation(long floorBytes, int ratio) {
    return new LayerLimits(
        tarBytes, entries, pathBytes, headerBytes, indexBytes, floorBytes, ratio);
  }
}
