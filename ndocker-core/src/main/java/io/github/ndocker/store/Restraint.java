package io.github.ndocker.store;

import java.time.Duration;

/**
 * What a collection, or a balance of the fast tier, does between two pieces of work: nothing, or,
 * while something urgent goes on, rest for so long that it works a fifth of the time. So it ends,
 * which work that stands aside altogether might not, and takes no more than that from a start, of
 * processors, of the medium and of its journal. For one thread.
 */
public final class Restraint implements Runnable {
  /** How long it rests for each nanosecond of work. */
  private static final long REST_FOR_WORK = 4;

  /** One piece that took long, on a slow medium, is not paid for twice. */
  private static final long LONGEST_NANOS = Duration.ofMillis(100).toNanos();

  private final RightOfWay urgent;
  private final Parking parking;
  private long since;

  /**
   * The work begins now.
   *
   * @param urgent what it gives way to
   */
  public Restraint(RightOfWay urgent) {
    this(urgent, Parking.REAL);
  }

  Restraint(RightOfWay urgent, Parking parking) {
    this.urgent = urgent;
    this.parking = parking;
    this.since = parking.nanoTime();
  }

  /** After each piece of work, of some milliseconds. */
  @Override
  public void run() {
    long worked = parking.nanoTime() - since;
    long end = parking.nanoTime() + Math.min(LONGEST_NANOS, REST_FOR_WORK * worked);
    for (long left = end - parking.nanoTime();
        left > 0 && urgent.isTaken() && !Thread.currentThread().isInterrupted();
        left = end - parking.nanoTime()) {
      parking.park(Math.min(left, Parking.SLICE_NANOS));
    }
    since = parking.nanoTime();
  }
}
