package io.github.ndocker.api;

/**
 * How full a tier is. Immutable.
 *
 * @param blobs number of committed blobs
 * @param usedBytes bytes taken from the tier's budget: committed blobs, those being written, and
 *     those that only a live mount still needs
 * @param capacityBytes the budget
 */
public record Usage(long blobs, long usedBytes, long capacityBytes) {
  /**
   * What is left of the budget.
   *
   * @return bytes, never negative
   */
  public long freeBytes() {
    return Math.max(0, capacityBytes - usedBytes);
  }
}
