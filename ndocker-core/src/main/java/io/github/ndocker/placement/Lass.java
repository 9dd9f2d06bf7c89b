package io.github.ndocker.placement;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;

/**
 * The layer-aware storage strategy of the N-Docker paper, strategy 3 of its cost model.
 *
 * <p>A layer that becomes storable while another one is still to arrive is below the last
 * downloading layer (LBL): writing it costs no time, for the download goes on meanwhile, so the
 * slow tier will do. From the moment the last download has ended, nothing hides a write any more:
 * what is left is the last downloading layer itself (LDL) and what lies above it (LAL), and it goes
 * to the fast tier. So the boundary is found without predicting which layer will be the last:
 * {@code T_total = T_D + β(S_LDL + S_LAL)}, {@code U_total = S_LDL + S_LAL}.
 */
public record Lass() implements LayerPlacementPolicy {
  @Override
  public Tier place(int position, DeploymentProgress progress) {
    return progress.isDownloadOutstanding() ? Tier.SLOW : Tier.FAST;
  }

  @Override
  public String explain(int position, DeploymentProgress progress) {
    return progress.isDownloadOutstanding()
        ? "Layer "
            + position
            + " goes to the SLOW tier: layers are still downloading, which hides the time to write"
            + " it (LBL)."
        : "Layer "
            + position
            + " goes to the FAST tier: the download has ended, and the deployment waits for it (LDL"
            + " or LAL).";
  }
}
