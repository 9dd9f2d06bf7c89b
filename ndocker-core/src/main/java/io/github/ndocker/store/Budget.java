package io.github.ndocker.store;

import io.github.ndocker.api.TierFullException;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts the bytes of a tier against its budget. Thread-safe. */
final class Budget {
  private final String tier;
  private final TierBudget limits;
  private final FileStore medium;
  private long used;
  // taken, and not on the medium yet
  private long unwritten;

  Budget(Path tier, TierBudget limits, long used) throws IOException {
    this.tier = tier.toString();
    this.limits = limits;
    this.medium = Files.getFileStore(tier);
    this.used = used;
  }

  synchronized void take(long bytes) throws IOException {
    // not used + bytes: a guess near Long.MAX_VALUE would wrap around
    long free = Math.min(limits.capacityBytes() - used, freeOnMedium());
    if (bytes > free) {
      throw new TierFullException(tier, bytes, Math.max(0, free));
    }
    used += bytes;
    unwritten += bytes;
  }

  private long freeOnMedium() throws IOException {
    return limits.reserveBytes() == 0
        ? Long.MAX_VALUE
        : medium.getUsableSpace() - unwritten - limits.reserveBytes();
  }

  /** Bytes that were taken are on the medium. */
  synchronized void written(long bytes) {
    unwritten -= bytes;
  }

  /** Gives back what was taken and not written. */
  synchronized void giveUnwritten(long bytes) {
    unwritten -= bytes;
    used -= bytes;
  }

  /** Gives back what was on the medium. */
  synchronized void give(long bytes) {
    used -= bytes;
  }

  synchronized long used() {
    return used;
  }

  long capacity() {
    return limits.capacityBytes();
  }
}
