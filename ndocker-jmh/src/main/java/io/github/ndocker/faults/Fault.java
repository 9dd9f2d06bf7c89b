package io.github.ndocker.faults;

import java.io.IOException;

/** One way in which a machine fails. */
interface Fault {
  /** In the table. */
  String name();

  /**
   * Tries it.
   *
   * @param lab where
   * @param effort how often
   * @param seed for all that is by chance
   * @throws IOException if it cannot be tried here
   */
  Tally run(Lab lab, Effort effort, long seed) throws IOException;
}
