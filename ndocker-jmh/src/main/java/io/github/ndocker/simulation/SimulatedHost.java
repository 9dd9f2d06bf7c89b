package io.github.ndocker.simulation;

/**
 * What a deployment runs on, in bytes a second. Inflating takes no time.
 *
 * @param network of the compressed bytes
 * @param slow of the slow tier; what other work takes of it is not in it
 * @param fast of the fast tier
 */
record SimulatedHost(double network, double slow, double fast) {
  private static final double BITS = 8;

  /** With a network in Mbit/s and tiers in MB/s. */
  static SimulatedHost of(double megabits, double slowMegabytes, double fastMegabytes) {
    return new SimulatedHost(megabits * 1e6 / BITS, slowMegabytes * 1e6, fastMegabytes * 1e6);
  }
}
