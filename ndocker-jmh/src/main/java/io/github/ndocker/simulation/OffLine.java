package io.github.ndocker.simulation;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.budget.FastTierBudget;
import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.HotSegment;
import io.github.ndocker.budget.PinnedTooLargeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What somebody could save who knows all starts beforehand. */
final class OffLine {
  private static final int PRICES = 60;
  private static final int SWEEPS = 20;

  private OffLine() {}

  /** Seconds of the best choice that was found: at most the optimum. */
  static double choice(List<HotImage> images, long budget) {
    try {
      Set<ChainId> chosen =
          new HashSet<>(new FastTierBudget(0, 0).decide(images, Set.of(), budget).admitted());
      return images.stream()
          .filter(image -> chosen.contains(image.image()))
          .mapToDouble(HotImage::seconds)
          .sum();
    } catch (PinnedTooLargeException e) {
      throw new IllegalStateException("nothing is pinned", e);
    }
  }

  /**
   * Seconds that no choice exceeds. Whatever way the bytes of a segment are split among the images
   * that need it, the parts of those that are chosen are no more than the segment. So the optimum
   * of the problem in which each image needs only its parts is no less than that of the real one;
   * and neither is that in which images may be chosen in fractions, which is easy. The least is
   * taken over splits for several prices of a byte, each found by letting images pay for a segment
   * in proportion to what it leaves them.
   */
  static double bound(List<HotImage> images, long budget) {
    double most = 0;
    double least = Double.MAX_VALUE;
    for (HotImage image : images) {
      for (HotSegment segment : image.segments()) {
        most = Math.max(most, image.seconds() / segment.bytes());
      }
      if (image.seconds() > 0) {
        double bytes = image.segments().stream().mapToLong(HotSegment::bytes).sum();
        least = Math.min(least, image.seconds() / bytes);
      }
    }
    double bound = images.stream().mapToDouble(HotImage::seconds).sum();
    for (int i = 0; i < PRICES && most > 0; i++) {
      double price = least * StrictMath.pow(most / least, (double) i / PRICES);
      bound = Math.min(bound, fractional(images, split(images, price), budget));
    }
    return bound;
  }

  /** What each image has to pay for, in bytes. */
  private static double[] split(List<HotImage> images, double price) {
    Map<HotSegment, List<Integer>> users = new HashMap<>();
    for (int image = 0; image < images.size(); image++) {
      for (HotSegment segment : images.get(image).segments()) {
        users.computeIfAbsent(segment, s -> new ArrayList<>()).add(image);
      }
    }
    List<HotSegment> segments = new ArrayList<>(users.keySet());
    segments.sort(Comparator.comparing(HotSegment::id));
    double[] costs = new double[images.size()];
    Map<HotSegment, double[]> parts = new HashMap<>();
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (HotSegment segment : segments) {
        List<Integer> sharing = users.get(segment);
        double[] part = parts.computeIfAbsent(segment, s -> new double[sharing.size()]);
        double[] left = new double[part.length];
        double all = 0;
        for (int i = 0; i < part.length; i++) {
          int image = sharing.get(i);
          costs[image] -= part[i];
          left[i] = Math.max(0, images.get(image).seconds() / price - costs[image]);
          all += left[i];
        }
        for (int i = 0; i < part.length; i++) {
          part[i] = segment.bytes() * (all > 0 ? left[i] / all : 1.0 / part.length);
          costs[sharing.get(i)] += part[i];
        }
      }
    }
    return costs;
  }

  /** The optimum, if images could be cut. */
  static double fractional(List<HotImage> images, double[] costs, long budget) {
    List<Integer> order = new ArrayList<>();
    for (int image = 0; image < costs.length; image++) {
      order.add(image);
    }
    order.sort(
        Comparator.comparingDouble(
            image -> costs[image] / Math.max(images.get(image).seconds(), Double.MIN_NORMAL)));
    double room = budget;
    double seconds = 0;
    for (int image : order) {
      double cost = Math.max(costs[image], 0);
      double part = cost <= room ? 1 : room / cost;
      seconds += part * images.get(image).seconds();
      room -= part * cost;
    }
    return seconds;
  }
}
