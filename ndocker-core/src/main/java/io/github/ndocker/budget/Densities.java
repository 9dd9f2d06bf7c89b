package io.github.ndocker.budget;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/** Orders of images by worth per byte, for different ideas of whose bytes the shared ones are. */
final class Densities {
  private Densities() {}

  /**
   * The images among all that the predicate names, the densest first. Shared bytes are split among
   * the image and those of their users that are in the reference, in proportion to their worth: a
   * base that many valuable images need costs each of them little.
   */
  static List<Integer> shared(Candidates candidates, IntPredicate reference) {
    double[] worth = new double[candidates.segmentBytes.length];
    for (int image = 0; image < candidates.count(); image++) {
      if (reference.test(image)) {
        for (int segment : candidates.segments[image]) {
          worth[segment] += candidates.worth[image];
        }
      }
    }
    return sorted(
        candidates,
        image -> true,
        image -> {
          double own = candidates.worth[image];
          if (own == 0) {
            return 0;
          }
          // the image's part of a segment is bytes × own / all: one own cancels out
          double cost = 0;
          for (int segment : candidates.segments[image]) {
            double all = worth[segment] + (reference.test(image) ? 0 : own);
            cost += candidates.segmentBytes[segment] / all;
          }
          return 1 / cost;
        });
  }

  /** Images outside of the selection, by what they would add to it, the densest first. */
  static List<Integer> entering(Candidates candidates, Selection selection) {
    return sorted(
        candidates,
        image -> !selection.has(image) && (candidates.worth[image] > 0),
        image -> candidates.worth[image] / selection.marginalBytes(image));
  }

  /** Images of the selection that may go, by what that would free, the least dense first. */
  static List<Integer> leaving(Candidates candidates, Selection selection) {
    return sorted(
        candidates,
        image -> selection.has(image) && !candidates.isPinned(image),
        image -> -candidates.worth[image] / selection.freedBytes(image));
  }

  /** By a number, the largest first; then residents first; then by ID. */
  private static List<Integer> sorted(
      Candidates candidates, IntPredicate which, IntToDoubleFunction density) {
    double[] densities = new double[candidates.count()];
    return IntStream.range(0, candidates.count())
        .filter(which)
        .peek(image -> densities[image] = density.applyAsDouble(image))
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(image -> -densities[image])
                .thenComparing(image -> !candidates.resident[image])
                .thenComparing(Comparator.naturalOrder()))
        .toList();
  }
}
