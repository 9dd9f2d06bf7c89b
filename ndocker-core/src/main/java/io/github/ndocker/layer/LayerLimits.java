package io.github.ndocker.layer;

/**
 * How much a layer may make us keep. Checked before memory is spent. Immutable.
 *
 * @param tarBytes bytes of the uncompressed tar
 * @param entries entries of the tar
 * @param pathBytes bytes of one path or link target; Linux itself takes 4,096
 * @param headerBytes bytes of one PAX or GNU long-name header
 * @param indexBytes bytes of all paths, link targets and extended attributes together
 */
public record LayerLimits(
    long tarBytes, int entries, int pathBytes, int headerBytes, long indexBytes) {
  /** More than any image seen in the wild, less than what hurts. */
  public static final LayerLimits DEFAULT =
      new LayerLimits(1L << 40, 2_000_000, 4096, 1 << 20, 512L << 20);

  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if one of them allows nothing
   */
  public LayerLimits {
    if (tarBytes < 1 || entries < 1 || pathBytes < 1 || headerBytes < 1 || indexBytes < 1) {
      throw new IllegalArgumentException("limits must be positive");
    }
  }
}
