package io.github.ndocker.store;

import io.github.ndocker.api.TierFullException;

/** Counts the bytes of a tier against its capacity. Thread-safe. */
final class Budget {
  private final String tier;
  private final long capacity;
  private long used;

  Budget(String tier, long capacity, long used) {
    this.tier = tier;
    this.capacity = capacity;
    this.used = used;
  }

  synchronized void take(long bytes) throws TierFullException {
    // not used + bytes: a guess near Long.MAX_VALUE would wrap around
    if (bytes > capacity - used) {
      throw new TierFullException(tier, bytes, Math.max(0, capacity - used));
    }
    used += bytes;
  }

  synchronized void give(long bytes) {
    used -= bytes;
  }

  synchronized long used() {
    return used;
  }

  long capacity() {
    return capacity;
  }
}
