package io.github.ndocker.store;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The time, and waiting for it to pass; tests have their own. */
interface Parking {
  /** The longest wait between two questions whether work is still wanted. */
  long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  /** The machine's time. */
  Parking REAL =
      new Parking() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void park(long nanos) {
          LockSupport.parkNanos(this, nanos);
        }
      };

  /** A moment, as {@link System#nanoTime} has it. */
  long nanoTime();

  /** Waits that long, or less. */
  void park(long nanos);
}
