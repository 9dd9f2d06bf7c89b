package io.github.ndocker.engine;

import java.util.Objects;

/**
 * How a start is traced. Immutable.
 *
 * @param end when it ends
 * @param replacing whether the profile takes the place of an earlier one of the same workload,
 *     rather than being merged into it
 * @param warming whether the image's blobs on the slow tier are read once, front to back, before
 *     the container exists: as long as there is memory for them. Without read-ahead, which a trace
 *     does without, a start from cold blobs is slower than an untraced one
 * @param boundedQueue whether the kernel may drop events rather than use more memory for them; the
 *     profile is incomplete then, and says so
 */
public record TraceOptions(TraceEnd end, boolean replacing, boolean warming, boolean boundedQueue) {
  /** Checks that nothing is missing. */
  public TraceOptions {
    Objects.requireNonNull(end, "end");
  }

  /**
   * A trace that is merged into earlier ones, of warm blobs, with as many events as there are.
   *
   * @param end when it ends
   * @return options
   */
  public static TraceOptions until(TraceEnd end) {
    return new TraceOptions(end, false, true, false);
  }

  /**
   * The same, in place of earlier runs.
   *
   * @return a copy
   */
  public TraceOptions withReplacing() {
    return new TraceOptions(end, true, warming, boundedQueue);
  }

  /**
   * The same, of blobs as cold as they are.
   *
   * @return a copy
   */
  public TraceOptions withoutWarming() {
    return new TraceOptions(end, replacing, false, boundedQueue);
  }

  /**
   * The same, with a queue that the kernel bounds.
   *
   * @return a copy
   */
  public TraceOptions withBoundedQueue() {
    return new TraceOptions(end, replacing, warming, true);
  }
}
