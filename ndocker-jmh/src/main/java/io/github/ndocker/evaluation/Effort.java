package io.github.ndocker.evaluation;

import java.util.List;

/**
 * How much is measured of each image.
 *
 * @param deployments repetitions over each network
 * @param starts repetitions of cold starts
 * @param otherStarts repetitions of starts with a slow writable layer, by {@code ctr}, and beside a
 *     busy device
 * @param together numbers of containers that are started at once
 */
record Effort(int deployments, int starts, int otherStarts, List<Integer> together) {
  Effort {
    together = List.copyOf(together);
  }
}
