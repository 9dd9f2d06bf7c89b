package io.github.ndocker.simulation;

/**
 * What a policy has saved.
 *
 * @param seconds in all starts together
 * @param writtenBytes to the fast tier
 */
record BudgetRun(double seconds, long writtenBytes) {
  static BudgetRun of(HotImages images, Starts starts, long budget, TierPolicy.Kind kind) {
    SimulatedFastTier tier = new SimulatedFastTier(images.images(), budget);
    TierPolicy policy = kind.on(tier, images);
    double seconds = 0;
    for (int[] phase : starts.phases()) {
      for (int image : phase) {
        if (tier.holds(image)) {
          seconds += images.images().get(image).secondsSaved();
        }
        policy.started(image);
      }
    }
    return new BudgetRun(seconds, tier.writtenBytes());
  }
}
