package io.github.ndocker.engine;

import java.io.IOException;

/** What is done between two steps of work that somebody may want to slow down, or to end. */
@FunctionalInterface
interface StandAside {
  /**
   * Waits as long as it has to.
   *
   * @throws IOException if the work is to end
   */
  void await() throws IOException;
}
