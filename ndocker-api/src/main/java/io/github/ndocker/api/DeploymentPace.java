package io.github.ndocker.api;

/**
 * How fast a deployment goes, as far as it has been observed. Immutable.
 *
 * @param elapsedNanos nanoseconds since the first request
 * @param downloadBytesPerSecond the rate at which compressed bytes arrive; 0 while nothing is known
 *     of it
 * @param slowBacklogBytes bytes that were given to the slow tier and are not durable yet
 * @param slowBytesPerSecond the rate at which the slow tier makes bytes durable; 0 while nothing is
 *     known of it
 */
public record DeploymentPace(
    long elapsedNanos,
    double downloadBytesPerSecond,
    long slowBacklogBytes,
    double slowBytesPerSecond) {
  /** Nothing is known. */
  public static final DeploymentPace UNKNOWN = new DeploymentPace(0, 0, 0, 0);

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is negative or not a number
   */
  public DeploymentPace {
    if (elapsedNanos < 0
        || !(downloadBytesPerSecond >= 0)
        || slowBacklogBytes < 0
        || !(slowBytesPerSecond >= 0)) {
      throw new IllegalArgumentException(
          elapsedNanos
              + " ns, download rate "
              + downloadBytesPerSecond
              + ", backlog "
              + slowBacklogBytes
              + ", slow tier's rate "
              + slowBytesPerSecond);
    }
  }
}
