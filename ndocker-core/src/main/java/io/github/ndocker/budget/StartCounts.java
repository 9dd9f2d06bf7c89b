package io.github.ndocker.budget;

import io.github.ndocker.api.ChainId;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Counts starts of images, and forgets them with time: a start weighs 1 when it happens and half as
 * much after every half-life. Of an image that is started at a steady rate, the count comes to the
 * starts in 1.44 half-lives; so it is what to expect of the next 1.44 half-lives, if nothing
 * changes. Thread-safe. It holds one number for each image until {@link #forget}.
 *
 * <p>The clock may count anything, as long as it never runs backwards within one run of the host:
 * milliseconds, or starts. If it does after a restart, because somebody has set the time, counts
 * stay as they are until it has caught up.
 */
public final class StartCounts {
  private final long halfLife;
  private final LongSupplier clock;
  private final Map<ChainId, StartCount> counts;

  /**
   * Begins with no starts.
   *
   * @param halfLife in units of the clock, at least 1
   * @param clock the time now
   * @throws IllegalArgumentException if the half-life is less than 1
   */
  public StartCounts(long halfLife, LongSupplier clock) {
    this(halfLife, clock, Map.of());
  }

  /**
   * Goes on from what has been counted before.
   *
   * @param halfLife in units of the clock, at least 1
   * @param clock the time now
   * @param before what {@link #snapshot} said, on the same clock
   * @throws IllegalArgumentException if the half-life is less than 1
   */
  public StartCounts(long halfLife, LongSupplier clock, Map<ChainId, StartCount> before) {
    if (halfLife < 1) {
      throw new IllegalArgumentException("a half-life of " + halfLife);
    }
    this.halfLife = halfLife;
    this.clock = Objects.requireNonNull(clock, "clock");
    this.counts = new HashMap<>(before);
  }

  /**
   * Counts a start.
   *
   * @param image which image is started
   * @return its count now, to be kept by a host that keeps single counts rather than snapshots
   */
  public synchronized StartCount started(ChainId image) {
    long now = clock.getAsLong();
    StartCount before = counts.getOrDefault(image, new StartCount(0, now));
    StartCount count =
        new StartCount(before.weightAt(now, halfLife) + 1, Math.max(now, before.at()));
    counts.put(image, count);
    return count;
  }

  /**
   * The decayed number of starts.
   *
   * @param image of which image
   * @return 0 if it was never started, or is forgotten
   */
  public synchronized double expected(ChainId image) {
    StartCount count = counts.get(image);
    return count == null ? 0 : count.weightAt(clock.getAsLong(), halfLife);
  }

  /**
   * Drops an image that is gone.
   *
   * @param image which
   */
  public synchronized void forget(ChainId image) {
    counts.remove(image);
  }

  /**
   * All counts, to go on from after a restart.
   *
   * @return a copy
   */
  public synchronized Map<ChainId, StartCount> snapshot() {
    return Map.copyOf(counts);
  }
}
