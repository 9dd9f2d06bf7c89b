package io.github.ndocker.placement;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;

/** Every layer goes to the fast tier, as with Docker on persistent memory ("NVM-Docker"). */
public record AllFast() implements LayerPlacementPolicy {
  @Override
  public Tier place(int position, DeploymentProgress progress) {
    return Tier.FAST;
  }

  @Override
  public String explain(int position, DeploymentProgress progress) {
    return "Layer " + position + " goes to the FAST tier: every layer does.";
  }
}
