package io.github.ndocker.registry;

import java.time.Duration;

/** The connection is open, but no byte came for too long. */
public final class TransferStalledException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /** How long nothing came. */
  private final Duration silence;

  /**
   * Says how long nothing came.
   *
   * @param registry host and port
   * @param action what was being done
   * @param silence how long nothing came
   */
  public TransferStalledException(String registry, String action, Duration silence) {
    super(registry, action, "no byte came for " + silence.toMillis() + " ms; try again");
    this.silence = silence;
  }

  /**
   * How long nothing came.
   *
   * @return the limit that was reached
   */
  public Duration silence() {
    return silence;
  }
}
