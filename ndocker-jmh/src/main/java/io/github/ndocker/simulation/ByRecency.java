package io.github.ndocker.simulation;

import java.util.LinkedHashSet;
import java.util.Set;

/** LRU by image: what was started goes to the fast tier, in place of what was not for longest. */
final class ByRecency implements TierPolicy {
  private final SimulatedFastTier tier;

  /** The least recent one first. */
  private final Set<Integer> recent = new LinkedHashSet<>();

  ByRecency(SimulatedFastTier tier) {
    this.tier = tier;
  }

  @Override
  public void started(int image) {
    recent.remove(image);
    while (!tier.holds(image) && !tier.fits(image)) {
      if (recent.isEmpty()) {
        return; // larger than the whole budget
      }
      int oldest = recent.iterator().next();
      recent.remove(oldest);
      tier.evict(oldest);
    }
    if (!tier.holds(image)) {
      tier.admit(image);
    }
    recent.add(image);
  }
}
