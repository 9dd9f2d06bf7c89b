package io.github.ndocker.simulation;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.budget.BudgetDecision;
import io.github.ndocker.budget.FastTierBudget;
import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.PinnedTooLargeException;
import io.github.ndocker.budget.StartCounts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Ours: decides anew whenever an image was started that is not on the fast tier. */
final class ByValue implements TierPolicy {
  private final FastTierBudget rule;
  private final SimulatedFastTier tier;
  private final HotImages images;
  private final StartCounts counts;
  private final Map<ChainId, Integer> traced = new HashMap<>();
  private long clock;

  ByValue(FastTierBudget rule, long halfLife, SimulatedFastTier tier, HotImages images) {
    this.rule = rule;
    this.tier = tier;
    this.images = images;
    this.counts = new StartCounts(halfLife, () -> clock);
  }

  @Override
  public void started(int image) {
    clock++;
    ChainId id = images.images().get(image).image();
    counts.started(id);
    traced.put(id, image);
    if (tier.holds(image)) {
      return;
    }
    List<HotImage> known = new ArrayList<>();
    traced.forEach(
        (chain, number) -> {
          HotImage hot = images.images().get(number);
          known.add(
              new HotImage(
                  chain, hot.segments(), hot.secondsSaved(), counts.expected(chain), false));
        });
    Set<ChainId> residents = new HashSet<>();
    tier.held().forEach(number -> residents.add(images.images().get(number).image()));
    try {
      BudgetDecision decision = rule.decide(known, residents, tier.budget());
      decision.evicted().forEach(chain -> tier.evict(number(chain)));
      decision.admitted().forEach(chain -> tier.admit(number(chain)));
    } catch (PinnedTooLargeException e) {
      throw new IllegalStateException("nothing is pinned", e);
    }
  }

  private int number(ChainId image) {
    return Objects.requireNonNull(traced.get(image), "an image that was never started");
  }
}
