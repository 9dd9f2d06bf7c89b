package io.github.ndocker.simulation;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * LFU by image: what was started goes to the fast tier, in place of what was started less often
 * ever. It counts images that are not on the tier too, and lets nothing in that would push out what
 * is started more often.
 */
final class ByFrequency implements TierPolicy {
  private final SimulatedFastTier tier;
  private final long[] counts;

  ByFrequency(SimulatedFastTier tier, int images) {
    this.tier = tier;
    this.counts = new long[images];
  }

  @Override
  public void started(int image) {
    counts[image]++;
    if (tier.holds(image)) {
      return;
    }
    List<Integer> rarer = new ArrayList<>(tier.held());
    rarer.removeIf(other -> counts[other] >= counts[image]);
    rarer.sort(Comparator.<Integer>comparingLong(other -> counts[other]).thenComparing(o -> o));
    List<Integer> gone = new ArrayList<>();
    for (int other : rarer) {
      if (tier.fits(image)) {
        break;
      }
      tier.evict(other);
      gone.add(other);
    }
    if (tier.fits(image)) {
      tier.admit(image);
    } else {
      tier.restore(gone);
    }
  }
}
