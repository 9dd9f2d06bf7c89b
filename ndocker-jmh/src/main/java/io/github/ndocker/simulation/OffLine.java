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

  /** Who pays for how much of a segment. */
  private static final class Parts {
    private final long bytes;
    private final List<Integer> users;
    private final double[] bytesOfUser;

    Parts(long bytes, List<Integer> users) {
      this.bytes = bytes;
      this.users = users;
      this.bytesOfUser = new double[users.size()];
    }
  }

  /** What each image has to pay for, in bytes. */
  private static double[] split(List<HotImage> images, double price) {
    Map<HotSegment, List<Integer>> users = new HashMap<>();
    for (int image = 0; image < images.size(); image++) {
      for (HotSegment segment : images.get(image).segments()) {
        users.computeIfAbsent(segment, s -> new ArrayList<>()).add(image);
      }
    }
    List<Parts> segments = new ArrayList<>();
    users.entrySet().stream()
        .sorted(Comparator.comparing(entry -> entry.getKey().id()))
        .forEach(entry -> segments.add(new Parts(entry.getKey().bytes(), entry.getValue())));
    double[] costs = new double[images.size()];
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
      for (Parts parts : segments) {
        double[] left = new double[parts.users.size()];
        double all = 0;
        for (int i = 0; i < left.length; i++) {
          int image = parts.users.get(i);
          costs[image] -= parts.bytesOfUser[i];
          left[i] = Math.max(0, images.get(image).seconds() / price - costs[image]);
          all += left[i];
        }
        for (int i = 0; i < left.length; i++) {
          parts.bytesOfUser[i] = parts.bytes * (all > 0 ? left[i] / all : 1.0 / left.length);
          costs[parts.users.get(i)] += parts.bytesOfUser[i];
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
