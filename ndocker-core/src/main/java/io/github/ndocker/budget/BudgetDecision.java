package io.github.ndocker.budget;

import io.github.ndocker.api.ChainId;
import java.util.List;

/**
 * What is to change on the fast tier. Evictions come first, or there is no room. Immutable.
 *
 * @param evicted images whose hot ranges leave it, in the order of their IDs; they are brushed back
 *     to the slow tier, not lost
 * @param admitted images whose hot ranges come to it, the most valuable ones for their bytes first
 * @param heldBytes what it holds afterwards, shared segments counted once
 * @param writtenBytes of segments that it has to be given
 * @param freedBytes of segments that nobody needs there any more
 */
public record BudgetDecision(
    List<ChainId> evicted,
    List<ChainId> admitted,
    long heldBytes,
    long writtenBytes,
    long freedBytes) {
  /** Copies the lists. */
  public BudgetDecision {
    evicted = List.copyOf(evicted);
    admitted = List.copyOf(admitted);
  }

  /**
   * Whether there is nothing to do.
   *
   * @return true if the fast tier stays as it is
   */
  public boolean isEmpty() {
    return evicted.isEmpty() && admitted.isEmpty();
  }
}
