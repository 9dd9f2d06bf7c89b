package io.github.ndocker.store;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Time that passes only while somebody waits, and as fast as the machine can; or not at all. */
final class SteppedTime implements Parking {
  private final AtomicLong nanos = new AtomicLong(-5);
  private final boolean frozen;
  private volatile CountDownLatch parked = new CountDownLatch(1);

  private SteppedTime(boolean frozen) {
    this.frozen = frozen;
  }

  static SteppedTime running() {
    return new SteppedTime(false);
  }

  static SteppedTime frozen() {
    return new SteppedTime(true);
  }

  @Override
  public long nanoTime() {
    return nanos.get();
  }

  @Override
  public void park(long wait) {
    if (frozen) {
      // leaves the processor to others, and stands for no time that passes
      LockSupport.parkNanos(1);
    } else {
      nanos.addAndGet(wait);
    }
    parked.countDown();
  }

  void advance(long by) {
    nanos.addAndGet(by);
  }

  /** Waits until somebody waits. */
  void awaitParked() throws InterruptedException {
    parked = new CountDownLatch(1);
    parked.await();
  }
}
