package io.github.ndocker.engine;

/** By which a host ends a trace, from any thread. Thread-safe. */
public final class TraceSignal {
  private volatile boolean given;

  /** One that is not given yet. */
  public TraceSignal() {}

  /** Ends the trace, within a few milliseconds. What was seen until then is kept. */
  public void give() {
    given = true;
  }

  /**
   * Whether it was given.
   *
   * @return true from then on
   */
  public boolean isGiven() {
    return given;
  }
}
