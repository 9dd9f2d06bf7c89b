package io.github.ndocker.store;

/**
 * How much of a medium a tier may use. Immutable.
 *
 * @param capacityBytes what its blobs may take, those being written and those kept for mounts too
 * @param reserveBytes what the tier leaves free of the medium for everybody else: it is full before
 *     that, however much of its capacity is left
 */
public record TierBudget(long capacityBytes, long reserveBytes) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative
   */
  public TierBudget {
    if (capacityBytes < 0 || reserveBytes < 0) {
      throw new IllegalArgumentException(
          "a budget of " + capacityBytes + " bytes with a reserve of " + reserveBytes);
    }
  }

  /**
   * A budget without a reserve.
   *
   * @param capacityBytes what its blobs may take
   * @return the budget
   */
  public static TierBudget of(long capacityBytes) {
    return new TierBudget(capacityBytes, 0);
  }
}
