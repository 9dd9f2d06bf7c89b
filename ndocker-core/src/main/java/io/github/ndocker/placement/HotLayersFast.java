package io.github.ndocker.placement;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;
import java.util.Objects;
import java.util.Set;

/**
 * Another policy, but for layers that are known to be hot: they go to the fast tier whenever they
 * come. Static analysis finds them before anything was started.
 *
 * @param others decides about all other layers
 * @param hot positions of the hot layers
 */
public record HotLayersFast(LayerPlacementPolicy others, Set<Integer> hot)
    implements LayerPlacementPolicy {
  /** Checks that nothing is missing. */
  public HotLayersFast {
    Objects.requireNonNull(others, "others");
    hot = Set.copyOf(hot);
  }

  @Override
  public Tier place(int position, DeploymentProgress progress) {
    return hot.contains(position) ? Tier.FAST : others.place(position, progress);
  }

  @Override
  public String explain(int position, DeploymentProgress progress) {
    return hot.contains(position)
        ? "Layer " + position + " goes to the FAST tier: it is hot."
        : others.explain(position, progress);
  }
}
