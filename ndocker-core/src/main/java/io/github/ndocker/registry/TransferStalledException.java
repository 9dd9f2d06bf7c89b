package io.github.ndocker.registry;

import java.time.Duration;

/** The connection is open, but for too long no byte came, or far too few. */
public final class TransferStalledException extends RegistryException {
  private static final long serialVersionUID = 1L;

  /** How long nothing came, or far too little. */
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
   * Says how little came.
   *
   * @param registry host and port
   * @param action what was being done
   * @param silence how long it was waited for
   * @param bytes what came in that time
   * @param leastBytesPerSecond what should have come
   */
  public TransferStalledException(
      String registry, String action, Duration silence, long bytes, long leastBytesPerSecond) {
    super(
        registry,
        action,
        "only "
            + bytes
            + " bytes came in "
            + silence.toMillis()
            + " ms; expected at least "
            + leastBytesPerSecond
            + " a second; try again");
    this.silence = silence;
  }

  /**
   * How long nothing came, or far too little.
   *
   * @return the limit that was reached, or how long it was waited for so little
   */
  public Duration silence() {
    return silence;
  }
}
