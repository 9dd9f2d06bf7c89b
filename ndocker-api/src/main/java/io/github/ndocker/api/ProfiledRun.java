package io.github.ndocker.api;

import java.util.Objects;

/**
 * How one traced run ended, and when. Immutable.
 *
 * @param end what ended the trace
 * @param words the same in words, with the rule or the time that was given
 * @param millis from the start of the runtime to that end, in milliseconds
 */
public record ProfiledRun(End end, String words, long millis) {
  /** What ends a trace. */
  public enum End {
    /** The readiness rule. */
    READY,
    /** No file was opened for the first time, for as long as the host asked for. */
    QUIET,
    /** The host. */
    SIGNAL,
    /** The time was up. */
    TIME_LIMIT,
    /** The container ended well, and nothing had been said about when it is ready. */
    EXIT
  }

  /**
   * Checks the time.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public ProfiledRun {
    Objects.requireNonNull(end, "end");
    Objects.requireNonNull(words, "words");
    if (millis < 0) {
      throw new IllegalArgumentException("a run of " + millis + " ms");
    }
  }
}
