package io.github.ndocker.evaluation;

import java.util.List;

/**
 * How much is measured of each image.
 *
 * @param deployments repetitions over each network; 0 if images are only put there to be started
 * @param starts repetitions of cold starts
 * @param shortStarts the same for an arm that starts in less than a second: what disturbs such a
 *     start may take as long as it does
 * @param otherStarts repetitions of starts with a slow writable layer, by {@code ctr}, and beside a
 *     busy device
 * @param together numbers of containers that are started at once
 */
record Effort(
    int deployments, int starts, int shortStarts, int otherStarts, List<Integer> together) {
  private static final double SHORT_SECONDS = 1;

  Effort {
    together = List.copyOf(together);
  }

  /** Whether anything is started after the deployments. */
  boolean startsAnything() {
    return mostStarts() > 0 || otherStarts > 0 || !together.isEmpty();
  }

  /** The most repetitions of cold starts that an arm may need. */
  int mostStarts() {
    return Math.max(starts, shortStarts);
  }

  /**
   * Whether an arm is to be started once more.
   *
   * @param done how often it was
   * @param seconds of these starts together
   */
  boolean startsAgain(int done, double seconds) {
    return done < starts || (done < shortStarts && seconds < SHORT_SECONDS * done);
  }
}
