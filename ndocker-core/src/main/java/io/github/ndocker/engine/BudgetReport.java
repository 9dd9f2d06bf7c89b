package io.github.ndocker.engine;

import java.util.List;

/**
 * What a balance of the fast tier has changed. Images of the same layers are one image, under the
 * first of their references. Immutable.
 *
 * @param evicted images whose hot packs were taken off the fast tier
 * @param admitted images that have hot packs now, the most valuable ones for their bytes first
 * @param renewed images that had hot packs and have other ones now, because more was traced, packs
 *     were lost, or they had left for an image that then could not be packed
 * @param heldBytes what the hot packs of all images take afterwards
 * @param budgetBytes what they may take
 * @param failures what could not be done, and why
 */
public record BudgetReport(
    List<String> evicted,
    List<String> admitted,
    List<String> renewed,
    long heldBytes,
    long budgetBytes,
    List<BudgetFailure> failures) {
  /** Copies the lists. */
  public BudgetReport {
    evicted = List.copyOf(evicted);
    admitted = List.copyOf(admitted);
    renewed = List.copyOf(renewed);
    failures = List.copyOf(failures);
  }

  /**
   * Whether nothing was changed.
   *
   * @return true if all was as it should be, or failed
   */
  public boolean isEmpty() {
    return evicted.isEmpty() && admitted.isEmpty() && renewed.isEmpty();
  }
}
