package io.github.ndocker.simulation;

import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.HotSegment;
import java.util.Comparator;
import java.util.List;

/** The optimum for images that share nothing, by branch and bound, the densest image first. */
final class ExactKnapsack {
  private final double[] seconds;
  private final long[] bytes;
  private double best;

  private ExactKnapsack(List<HotImage> images) {
    List<HotImage> dense =
        images.stream()
            .filter(image -> image.seconds() > 0)
            .sorted(Comparator.comparingDouble(image -> bytes(image) / image.seconds()))
            .toList();
    seconds = dense.stream().mapToDouble(HotImage::seconds).toArray();
    bytes = dense.stream().mapToLong(ExactKnapsack::bytes).toArray();
  }

  private static long bytes(HotImage image) {
    return image.segments().stream().mapToLong(HotSegment::bytes).sum();
  }

  static double seconds(List<HotImage> images, long budget) {
    ExactKnapsack knapsack = new ExactKnapsack(images);
    knapsack.from(0, budget, 0);
    return knapsack.best;
  }

  private void from(int image, long room, double sum) {
    best = Math.max(best, sum);
    if (image == seconds.length || sum + most(image, room) <= best) {
      return;
    }
    if (bytes[image] <= room) {
      from(image + 1, room - bytes[image], sum + seconds[image]);
    }
    from(image + 1, room, sum);
  }

  /** Of the images from this one on, if one could be cut. */
  private double most(int from, long room) {
    double sum = 0;
    long left = room;
    for (int image = from; image < seconds.length; image++) {
      if (bytes[image] > left) {
        return sum + seconds[image] * left / bytes[image];
      }
      left -= bytes[image];
      sum += seconds[image];
    }
    return sum;
  }
}
