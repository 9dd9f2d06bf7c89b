package io.github.ndocker.store;

import java.io.IOException;
import java.time.Duration;

/**
 * What is urgent takes the right of way; work in the background stands aside meanwhile, and for a
 * moment after: a container that has just been started still reads. Thread-safe.
 */
public final class RightOfWay {
  private final long lingerNanos;
  private final Parking parking;
  private int users;
  private boolean everTaken;
  private long leftAt;

  /**
   * Nobody has it yet.
   *
   * @param linger how long it counts as taken after the last one has left
   */
  public RightOfWay(Duration linger) {
    this(linger, Parking.REAL);
  }

  RightOfWay(Duration linger, Parking parking) {
    this.lingerNanos = linger.toNanos();
    this.parking = parking;
  }

  /**
   * Takes it, without waiting. Any number may have it at a time. What is in the middle of a piece
   * of work, of a mebibyte at most, ends that first.
   *
   * @return to be closed by the caller, on any thread
   */
  public synchronized Use take() {
    users++;
    everTaken = true;
    return new Use(this);
  }

  /**
   * Whether work in the background stands aside.
   *
   * @return true at this moment
   */
  public synchronized boolean isTaken() {
    return users > 0 || (everTaken && parking.nanoTime() - leftAt < lingerNanos);
  }

  /** Waits until nobody has it. */
  void await(StillWanted wanted) throws IOException {
    wanted.check();
    while (isTaken()) {
      parking.park(Parking.SLICE_NANOS);
      wanted.check();
    }
  }

  private synchronized void leave() {
    users--;
    leftAt = parking.nanoTime();
  }

  /** Somebody has the right of way. Closing twice is harmless. */
  public static final class Use implements AutoCloseable {
    private final RightOfWay way;
    private boolean left;

    private Use(RightOfWay way) {
      this.way = way;
    }

    @Override
    public synchronized void close() {
      if (!left) {
        left = true;
        way.leave();
      }
    }
  }
}
