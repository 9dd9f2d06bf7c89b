package io.github.ndocker.simulation;

import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.HotSegment;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The optimum of a few images that share segments: of all subsets that fit, one that saves most.
 *
 * @param images numbers
 * @param seconds that they save
 */
record BestSubset(Set<Integer> images, double seconds) {
  private static final int MOST_IMAGES = 24;

  BestSubset {
    images = Set.copyOf(images);
  }

  static BestSubset of(List<HotImage> images, long budget) {
    int count = images.size();
    if (count > MOST_IMAGES) {
      throw new IllegalArgumentException(count + " images have too many subsets");
    }
    Map<HotSegment, Integer> numbers = new HashMap<>();
    List<int[]> needs = new ArrayList<>();
    for (HotImage image : images) {
      needs.add(
          image.segments().stream()
              .mapToInt(segment -> numbers.computeIfAbsent(segment, s -> numbers.size()))
              .toArray());
    }
    long[] sizes = new long[numbers.size()];
    numbers.forEach((segment, number) -> sizes[number] = segment.bytes());
    int[] users = new int[sizes.length];
    long bytes = 0;
    double seconds = 0;
    long chosen = 0;
    long best = 0;
    double most = 0;
    // one image comes or goes from each subset to the next: a Gray code
    for (long step = 1; step < 1L << count; step++) {
      int image = Long.numberOfTrailingZeros(step);
      chosen ^= 1L << image;
      boolean comes = (chosen & 1L << image) != 0;
      seconds += comes ? images.get(image).seconds() : -images.get(image).seconds();
      for (int segment : needs.get(image)) {
        if (comes && users[segment]++ == 0) {
          bytes += sizes[segment];
        } else if (!comes && --users[segment] == 0) {
          bytes -= sizes[segment];
        }
      }
      if (bytes <= budget && seconds > most) {
        most = seconds;
        best = chosen;
      }
    }
    Set<Integer> subset = new HashSet<>();
    for (int image = 0; image < count; image++) {
      if ((best & 1L << image) != 0) {
        subset.add(image);
      }
    }
    return new BestSubset(
        subset, subset.stream().mapToDouble(image -> images.get(image).seconds()).sum());
  }
}
