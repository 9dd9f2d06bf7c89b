package io.github.ndocker.store;

import java.io.IOException;

/**
 * A limit on bytes per second: a token bucket. After a pause a burst passes at full speed; in any
 * time no more than the rate times that time, and one burst. Several threads share the rate. The
 * rate can be changed at any time, also for those who wait. Thread-safe.
 */
public final class RateLimit {
  /** No limit. */
  public static final long UNLIMITED = 0;

  private static final double SECOND = 1e9;

  private final long burstBytes;
  private final Parking parking;
  private long bytesPerSecond;
  private double tokens;
  private long since;

  /**
   * A limit whose burst is one piece of a copy.
   *
   * @param bytesPerSecond the rate, or {@link #UNLIMITED}
   * @throws IllegalArgumentException if it is negative
   */
  public RateLimit(long bytesPerSecond) {
    this(bytesPerSecond, VerifiedCopy.CHUNK);
  }

  /**
   * A limit.
   *
   * @param bytesPerSecond the rate, or {@link #UNLIMITED}
   * @param burstBytes what passes at once after a pause, at least 1
   * @throws IllegalArgumentException if the rate is negative or the burst is not positive
   */
  public RateLimit(long bytesPerSecond, long burstBytes) {
    this(bytesPerSecond, burstBytes, Parking.REAL);
  }

  RateLimit(long bytesPerSecond, long burstBytes, Parking parking) {
    if (burstBytes < 1) {
      throw new IllegalArgumentException("a burst of " + burstBytes + " bytes");
    }
    this.bytesPerSecond = checked(bytesPerSecond);
    this.burstBytes = burstBytes;
    this.parking = parking;
    this.tokens = (double) burstBytes;
    this.since = parking.nanoTime();
  }

  /**
   * The rate.
   *
   * @return bytes a second, or {@link #UNLIMITED}
   */
  public synchronized long bytesPerSecond() {
    return bytesPerSecond;
  }

  /**
   * Changes the rate from now on.
   *
   * @param rate bytes a second, or {@link #UNLIMITED}
   * @throws IllegalArgumentException if it is negative
   */
  public synchronized void setBytesPerSecond(long rate) {
    refill();
    bytesPerSecond = checked(rate);
  }

  /**
   * Waits until so many bytes may pass.
   *
   * @param bytes how many; more than a burst are paid for by whoever comes next
   * @param wanted asked before, and while waiting
   * @throws IOException if they are not wanted any more
   */
  void acquire(long bytes, StillWanted wanted) throws IOException {
    wanted.check();
    for (long nanos = take(bytes); nanos > 0; nanos = take(bytes)) {
      parking.park(Math.min(nanos, Parking.SLICE_NANOS));
      wanted.check();
    }
  }

  /** Takes the tokens, or says how long it will be until they are there. */
  private synchronized long take(long bytes) {
    refill();
    double needed = (double) Math.min(bytes, burstBytes);
    if (bytesPerSecond == UNLIMITED || tokens >= needed) {
      tokens -= bytesPerSecond == UNLIMITED ? 0 : bytes;
      return 0;
    }
    return Math.max(1, (long) Math.ceil((needed - tokens) / (double) bytesPerSecond * SECOND));
  }

  private void refill() {
    long now = parking.nanoTime();
    tokens =
        Math.min((double) burstBytes, tokens + (now - since) / SECOND * (double) bytesPerSecond);
    since = now;
  }

  private static long checked(long rate) {
    if (rate < 0) {
      throw new IllegalArgumentException("a rate of " + rate + " bytes a second");
    }
    return rate;
  }
}
