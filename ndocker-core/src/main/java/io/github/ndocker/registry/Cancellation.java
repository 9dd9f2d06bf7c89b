package io.github.ndocker.registry;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Whether the caller still wants what it asked for. A flag and not an interrupt, for an interrupt
 * would close the channel that the caller writes to.
 */
record Cancellation(BooleanSupplier flag, String registry, String action) {
  /** How often a wait looks at the flag. */
  static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

  void check() throws FetchCancelledException {
    if (flag.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new FetchCancelledException(registry, action);
    }
  }

  /** Keeps the interrupt for whoever sent it. */
  FetchCancelledException interrupted() {
    Thread.currentThread().interrupt();
    return new FetchCancelledException(registry, action);
  }

  void pause(Duration length) throws FetchCancelledException {
    long end = System.nanoTime() + length.toNanos();
    for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
      check();
      try {
        TimeUnit.NANOSECONDS.sleep(Math.min(left, GLANCE_NANOS));
      } catch (InterruptedException e) {
        FetchCancelledException cancelled = interrupted();
        cancelled.initCause(e);
        throw cancelled;
      }
    }
  }
}
