package io.github.ndocker.placement;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;

/**
 * A boundary fixed beforehand, strategies 1 and 2 of the N-Docker paper's cost model: the boundary
 * layer (BL) and all above it go to the fast tier.
 *
 * @param position of the boundary layer, 0 for the bottom layer of the image
 */
public record BoundaryLayer(int position) implements LayerPlacementPolicy {
  /**
   * Checks the position.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public BoundaryLayer {
    if (position < 0) {
      throw new IllegalArgumentException("boundary layer " + position);
    }
  }

  @Override
  public Tier place(int layer, DeploymentProgress progress) {
    return layer >= position ? Tier.FAST : Tier.SLOW;
  }

  @Override
  public String explain(int layer, DeploymentProgress progress) {
    return "Layer "
        + layer
        + " goes to the "
        + place(layer, progress)
        + " tier: the boundary layer is "
        + position
        + ".";
  }
}
