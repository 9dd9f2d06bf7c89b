package io.github.ndocker.placement;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;

/** Every layer goes to the slow tier, as with Docker on a hard disk. */
public record AllSlow() implements LayerPlacementPolicy {
  @Override
  public Tier place(int position, DeploymentProgress progress) {
    return Tier.SLOW;
  }

  @Override
  public String explain(int position, DeploymentProgress progress) {
    return "Layer " + position + " goes to the SLOW tier: every layer does.";
  }
}
