package io.github.ndocker.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CombinedPoliciesTest {
  private static final DeploymentProgress BOTH_WAIT =
      new DeploymentProgress(
          List.of(
              new LayerProgress(layer(0), LayerState.DOWNLOADED, 100),
              new LayerProgress(layer(1), LayerState.WAITING, 0)));

  @Test
  void hotLayersAreFastWhateverTheOthersAre() {
    LayerPlacementPolicy policy = new HotLayersFast(new AllSlow(), Set.of(1));
    assertEquals(Tier.SLOW, policy.place(0, BOTH_WAIT));
    assertEquals(Tier.FAST, policy.place(1, BOTH_WAIT));
    assertTrue(policy.explain(1, BOTH_WAIT).contains("hot"), policy.explain(1, BOTH_WAIT));
    assertEquals(new AllSlow().explain(0, BOTH_WAIT), policy.explain(0, BOTH_WAIT));
  }

  @Test
  void aLayerThatDoesNotFitIntoTheBudgetIsSlow() {
    assertEquals(Tier.FAST, new WithinBudget(new AllFast(), 100).place(0, BOTH_WAIT));
    LayerPlacementPolicy tooSmall = new WithinBudget(new AllFast(), 99);
    assertEquals(Tier.SLOW, tooSmall.place(0, BOTH_WAIT));
    assertTrue(tooSmall.explain(0, BOTH_WAIT).contains("99 bytes"), tooSmall.explain(0, BOTH_WAIT));
  }

  @Test
  void whatIsFastAlreadyCountsAgainstTheBudget() {
    DeploymentProgress progress =
        new DeploymentProgress(
            List.of(
                new LayerProgress(layer(0), LayerState.STORED, 100, 300, 100, 200),
                // 40 bytes more have been inflated than placed
                new LayerProgress(layer(1), LayerState.DOWNLOADING, 50, 90, 30, 20)));
    assertEquals(Tier.FAST, new WithinBudget(new AllFast(), 260).place(1, progress));
    assertEquals(Tier.SLOW, new WithinBudget(new AllFast(), 259).place(1, progress));
  }

  @Test
  void aBudgetBringsNothingToTheFastTier() {
    LayerPlacementPolicy policy = new WithinBudget(new AllSlow(), 1_000);
    assertEquals(Tier.SLOW, policy.place(0, BOTH_WAIT));
    assertEquals(new AllSlow().explain(0, BOTH_WAIT), policy.explain(0, BOTH_WAIT));
    assertThrows(IllegalArgumentException.class, () -> new WithinBudget(new AllSlow(), -1));
  }

  private static Layer layer(int position) {
    Digest digest = Digest.sha256(new byte[32]);
    return new Layer(position, digest, 100, new DiffId(digest));
  }
}
