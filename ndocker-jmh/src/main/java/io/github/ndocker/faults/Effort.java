package io.github.ndocker.faults;

/**
 * How much is tried of everything.
 *
 * @param kills moments at which a process is killed, of each workload on each kind of fast tier
 * @param powerCuts on each kind of fast tier
 * @param fullDisks on each kind of fast tier
 * @param flips bits that are flipped, with each kind of fast tier
 * @param mediumErrors failing forces, and failing reads, each
 * @param seconds how long threads disturb each other, on each kind of fast tier
 * @param threads how many
 */
record Effort(
    int kills,
    int powerCuts,
    int fullDisks,
    int flips,
    int mediumErrors,
    int seconds,
    int threads) {
  /** What {@code scripts/test --faults} does. */
  static final Effort FULL = new Effort(30, 100, 50, 100, 60, 60, 64);

  /** What every run of the tests does. */
  static final Effort SHORT = new Effort(6, 4, 4, 5, 4, 5, 16);

  /** The same, some times as much. */
  Effort times(double factor) {
    return new Effort(
        times(kills, factor),
        times(powerCuts, factor),
        times(fullDisks, factor),
        times(flips, factor),
        times(mediumErrors, factor),
        times(seconds, factor),
        threads);
  }

  private static int times(int count, double factor) {
    return (int) Math.max(1, Math.round(count * factor));
  }
}
