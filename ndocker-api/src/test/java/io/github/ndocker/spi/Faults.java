package io.github.ndocker.spi;

import java.util.Objects;

/**
 * What goes wrong on a medium. Immutable.
 *
 * @param power goes out for it
 * @param failedForce which force fails with an I/O error, counted from 1; 0 for none
 * @param flippedRead which read shows one bit wrong, counted from 1; 0 for none
 * @param forgetful it says that bytes are durable when they are not, as a disk that lies about its
 *     cache, or a tier that forgets to force
 * @param slowness what every write waits for
 */
public record Faults(
    PowerSupply power, long failedForce, long flippedRead, boolean forgetful, Runnable slowness) {
  /** Checks that nothing is missing. */
  public Faults {
    Objects.requireNonNull(power, "power");
    Objects.requireNonNull(slowness, "slowness");
  }

  /**
   * Nothing but the power can fail.
   *
   * @param power the machine's
   * @return no faults
   */
  public static Faults none(PowerSupply power) {
    return new Faults(power, 0, 0, false, () -> {});
  }

  /**
   * As these, with a force that fails.
   *
   * @param number which
   * @return the faults
   */
  public Faults withFailedForce(long number) {
    return new Faults(power, number, flippedRead, forgetful, slowness);
  }

  /**
   * As these, with a read that shows a bit wrong.
   *
   * @param number which
   * @return the faults
   */
  public Faults withFlippedRead(long number) {
    return new Faults(power, failedForce, number, forgetful, slowness);
  }

  /**
   * As these, of a medium that forgets to force.
   *
   * @return the faults
   */
  public Faults thatForget() {
    return new Faults(power, failedForce, flippedRead, true, slowness);
  }

  /**
   * As these, of a slow medium.
   *
   * @param wait what every write waits for
   * @return the faults
   */
  public Faults withSlowness(Runnable wait) {
    return new Faults(power, failedForce, flippedRead, forgetful, wait);
  }
}
