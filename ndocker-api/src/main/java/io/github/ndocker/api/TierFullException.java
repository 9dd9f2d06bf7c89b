package io.github.ndocker.api;

/** A tier has no room for a blob. Nothing of the blob is left on it. */
public final class TierFullException extends NDockerException {
  private static final long serialVersionUID = 1L;

  /** Bytes that were needed. */
  private final long neededBytes;

  /** Bytes that were free. */
  private final long freeBytes;

  /**
   * Says how much is missing.
   *
   * @param tier the tier's location, as a person knows it
   * @param neededBytes bytes that were needed
   * @param freeBytes bytes that were free
   */
  public TierFullException(String tier, long neededBytes, long freeBytes) {
    super(
        "no room on "
            + tier
            + ": "
            + neededBytes
            + " bytes needed, "
            + freeBytes
            + " free; remove images or give the tier more room");
    this.neededBytes = neededBytes;
    this.freeBytes = freeBytes;
  }

  /**
   * Bytes that were needed.
   *
   * @return bytes
   */
  public long neededBytes() {
    return neededBytes;
  }

  /**
   * Bytes that were free.
   *
   * @return bytes
   */
  public long freeBytes() {
    return freeBytes;
  }
}
