package io.github.ndocker.spi;

import java.util.Random;

/** The power of one machine, which goes out for all its media at once. Thread-safe. */
public final class PowerSupply {
  private final Random random;
  private long stepsLeft = Long.MAX_VALUE;
  private boolean off;

  /**
   * Power that stays on until it is told otherwise.
   *
   * @param seed decides whether the step that is cut takes effect, and how bytes tear
   */
  public PowerSupply(long seed) {
    // the first numbers of small seeds are all alike
    this.random = new Random(seed * 0x9e3779b97f4a7c15L);
  }

  /**
   * Cuts the power in the middle of a later step.
   *
   * @param steps which: 1 is the next thing that is done to any medium
   */
  public synchronized void cutAtStep(long steps) {
    stepsLeft = steps;
  }

  /** Cuts the power now, while nothing is being done. */
  public synchronized void cut() {
    off = true;
  }

  /** The machine starts again. */
  public synchronized void restore() {
    off = false;
    stepsLeft = Long.MAX_VALUE;
  }

  /**
   * Whether the power is out.
   *
   * @return true between a cut and {@link #restore}
   */
  public synchronized boolean isOff() {
    return off;
  }

  /** Something is done to a medium. */
  synchronized void step() throws PowerCutException {
    if (off) {
      throw new PowerCutException(false);
    }
    stepsLeft--;
    if (stepsLeft == 0) {
      off = true;
      throw new PowerCutException(random.nextBoolean());
    }
  }

  synchronized int between(int from, int to) {
    return from + random.nextInt(to - from + 1);
  }
}
