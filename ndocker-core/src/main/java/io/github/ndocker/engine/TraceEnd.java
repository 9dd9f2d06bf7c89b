package io.github.ndocker.engine;

import io.github.ndocker.runtime.Readiness;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * When a trace ends: at whichever of these comes first. If there is no rule for readiness, it ends
 * with the container too. Immutable, but for the signal.
 *
 * @param readiness the rule that says when the container is ready, if there is one
 * @param quiet for so long no file was opened for the first time, if that is to end it; counted
 *     from the first program of the container
 * @param signal given by the host
 * @param limit so long after the start of the runtime at the latest. With a rule that was not
 *     reached by then, the profile is incomplete
 */
public record TraceEnd(
    Optional<Readiness> readiness, Optional<Duration> quiet, TraceSignal signal, Duration limit) {
  private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(10);

  /**
   * Checks the times.
   *
   * @throws IllegalArgumentException if one is not positive
   */
  public TraceEnd {
    Objects.requireNonNull(readiness, "readiness");
    Objects.requireNonNull(signal, "signal");
    if (isNone(limit) || quiet.filter(TraceEnd::isNone).isPresent()) {
      throw new IllegalArgumentException("a trace of " + limit + ", quiet for " + quiet);
    }
  }

  private static boolean isNone(Duration time) {
    return time.isNegative() || time.isZero();
  }

  /**
   * When the container is ready, or after ten minutes.
   *
   * @param rule when it is ready
   * @return such an end
   */
  public static TraceEnd ready(Readiness rule) {
    return new TraceEnd(Optional.of(rule), Optional.empty(), new TraceSignal(), DEFAULT_LIMIT);
  }

  /**
   * When no new file is opened any more, or after ten minutes.
   *
   * @param time for so long
   * @return such an end
   */
  public static TraceEnd quiet(Duration time) {
    return new TraceEnd(Optional.empty(), Optional.of(time), new TraceSignal(), DEFAULT_LIMIT);
  }

  /**
   * After some time.
   *
   * @param time from the start of the runtime
   * @return such an end
   */
  public static TraceEnd after(Duration time) {
    return new TraceEnd(Optional.empty(), Optional.empty(), new TraceSignal(), time);
  }

  /**
   * The same, or when no new file is opened any more.
   *
   * @param time for so long
   * @return a copy
   */
  public TraceEnd orQuiet(Duration time) {
    return new TraceEnd(readiness, Optional.of(time), signal, limit);
  }

  /**
   * The same, or when the host says so.
   *
   * @param given by the host
   * @return a copy
   */
  public TraceEnd orSignal(TraceSignal given) {
    return new TraceEnd(readiness, quiet, given, limit);
  }

  /**
   * The same, with another limit.
   *
   * @param time from the start of the runtime
   * @return a copy
   */
  public TraceEnd within(Duration time) {
    return new TraceEnd(readiness, quiet, signal, time);
  }
}
