package io.github.ndocker.placement;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.Tier;
import java.util.Objects;

/**
 * Another policy, as long as the image has bytes of the fast tier left: what the policy wants there
 * and does not fit goes to the slow one.
 *
 * <p>What is placed next counts with what has been inflated and not placed yet, or with the layer's
 * compressed size if nothing has been inflated. So a caller that places layers before it inflates
 * them may exceed the budget by what one layer grows, and a store has a bound of its own.
 *
 * @param policy what to do while there is room
 * @param fastBytes of this image, at most
 */
public record WithinBudget(LayerPlacementPolicy policy, long fastBytes)
    implements LayerPlacementPolicy {
  /**
   * Checks the budget.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public WithinBudget {
    Objects.requireNonNull(policy, "policy");
    if (fastBytes < 0) {
      throw new IllegalArgumentException("a budget of " + fastBytes + " bytes");
    }
  }

  @Override
  public Tier place(int position, DeploymentProgress progress) {
    return fits(position, progress) ? policy.place(position, progress) : Tier.SLOW;
  }

  @Override
  public String explain(int position, DeploymentProgress progress) {
    if (fits(position, progress) || policy.place(position, progress) == Tier.SLOW) {
      return policy.explain(position, progress);
    }
    return "Layer "
        + position
        + " goes to the SLOW tier: it does not fit into the "
        + fastBytes
        + " bytes that the image may have of the fast one.";
  }

  private boolean fits(int position, DeploymentProgress progress) {
    long used = 0;
    for (LayerProgress layer : progress.layers()) {
      used += layer.fastBytes();
    }
    LayerProgress next = progress.layers().get(position);
    long known = next.inflatedBytes() == 0 ? next.layer().compressedBytes() : next.inflatedBytes();
    long more = known - next.slowBytes() - next.fastBytes();
    return more <= fastBytes - used;
  }
}
