package io.github.ndocker.evaluation.arm;

import java.io.IOException;

/** Takes back what a failed start has made, whatever fails in that too. */
final class Undoing {
  private Undoing() {}

  /** One thing to take back. */
  @FunctionalInterface
  interface Step {
    /** Takes it back. */
    void run() throws IOException;
  }

  /**
   * Takes all steps, each even if one before it fails.
   *
   * @param cause why; it learns of what fails here, so that nothing hides it
   */
  static void after(Exception cause, Step... steps) {
    for (Step step : steps) {
      try {
        step.run();
      } catch (IOException | RuntimeException e) {
        cause.addSuppressed(e);
      }
    }
  }
}
