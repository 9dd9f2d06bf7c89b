package io.github.ndocker.simulation;

/** Decides after each start what the fast tier holds from then on. */
@FunctionalInterface
interface TierPolicy {
  /** The image was started, for the first time or again; what it reads is known now. */
  void started(int image);

  /** Makes a policy for a tier that is empty. */
  @FunctionalInterface
  interface Kind {
    TierPolicy on(SimulatedFastTier tier, HotImages images);
  }
}
