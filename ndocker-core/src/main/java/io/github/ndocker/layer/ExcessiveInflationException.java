package io.github.ndocker.layer;

/** A layer inflates to far more than its compressed bytes make plausible. */
public final class ExcessiveInflationException extends LayerLimitException {
  private static final long serialVersionUID = 1L;

  /** Bytes of the tar when it was given up. */
  private final long tarBytes;

  /** Compressed bytes they came from. */
  private final long compressedBytes;

  /**
   * Says how far it had got.
   *
   * @param tarBytes bytes of the tar when it was given up
   * @param compressedBytes compressed bytes they came from
   * @param limits what it was held against
   */
  public ExcessiveInflationException(long tarBytes, long compressedBytes, LayerLimits limits) {
    super(
        LayerLimit.INFLATION_RATIO,
        limits.of(LayerLimit.INFLATION_RATIO),
        compressedBytes
            + " compressed bytes inflate to "
            + tarBytes
            + " and more; beyond "
            + limits.of(LayerLimit.INFLATION_FLOOR_BYTES)
            + " bytes, at most "
            + limits.of(LayerLimit.INFLATION_RATIO)
            + " times as many are taken");
    this.tarBytes = tarBytes;
    this.compressedBytes = compressedBytes;
  }

  /**
   * How much had been inflated.
   *
   * @return bytes of the tar when it was given up
   */
  public long tarBytes() {
    return tarBytes;
  }

  /**
   * How little it came from.
   *
   * @return compressed bytes that had been read
   */
  public long compressedBytes() {
    return compressedBytes;
  }
}
