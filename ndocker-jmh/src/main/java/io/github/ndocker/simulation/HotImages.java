package io.github.ndocker.simulation;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.HotSegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Images that are only numbers, like the real ones of {@code src-docs/evaluation/report.md}: 2 to
 * 680 MB, of which 2 to 21% are hot, and 0.3 to 15 s saved, the more the more is hot. Most stand on
 * one of 10 distributions, and many of these on one of 30 runtimes on top of it, whose hot ranges
 * they share.
 *
 * @param images with their segments and seconds; no starts are expected yet
 * @param bytes of all their layers, each counted once
 */
record HotImages(List<HotImage> images, long bytes) {
  private static final int DISTRIBUTIONS = 10;
  private static final int RUNTIMES = 30;
  private static final double LEAST_BYTES = 2e6;
  private static final double MOST_BYTES = 680e6;
  private static final double LEAST_HOT = 0.02;
  private static final double MOST_HOT = 0.21;
  private static final double LEAST_SECONDS = 0.3;
  private static final double MOST_SECONDS = 15;
  private static final double SECONDS_PER_BYTE = 0.15e-6;

  /** Of the bytes of a layer that is shared. */
  private static final double DISTRIBUTION_HOT = 0.03;

  private static final double RUNTIME_HOT = 0.12;

  HotImages {
    images = List.copyOf(images);
  }

  static HotImages random(SplittableRandom random, int count, boolean shared) {
    List<HotSegment> distributions = new ArrayList<>();
    for (int i = 0; i < DISTRIBUTIONS; i++) {
      distributions.add(new HotSegment("distribution" + i, (long) between(random, 0.5e6, 4e6)));
    }
    List<HotSegment> runtimes = new ArrayList<>();
    for (int i = 0; i < RUNTIMES; i++) {
      runtimes.add(new HotSegment("runtime" + i, (long) between(random, 2e6, 35e6)));
    }
    List<HotImage> images = new ArrayList<>();
    boolean[] used = new boolean[RUNTIMES];
    double all = 0;
    for (int i = 0; i < count; i++) {
      double bytes = between(random, LEAST_BYTES, MOST_BYTES);
      double hot = bytes * between(random, LEAST_HOT, MOST_HOT);
      double seconds = hot * SECONDS_PER_BYTE * between(random, 0.25, 4);
      int runtime = (int) (RUNTIMES * random.nextDouble() * random.nextDouble());
      List<HotSegment> segments = new ArrayList<>();
      double own = hot;
      double ownBytes = bytes;
      if (shared) {
        for (HotSegment base :
            List.of(distributions.get(runtime % DISTRIBUTIONS), runtimes.get(runtime))) {
          if (own > 1.3 * base.bytes()) {
            segments.add(base);
            own -= base.bytes();
            ownBytes -= wholeBytes(base);
            used[runtime] = true;
          }
        }
      }
      segments.add(new HotSegment("own" + i, (long) own));
      all += Math.max(own / MOST_HOT, ownBytes);
      images.add(
          new HotImage(
              chain(i),
              segments,
              Math.min(MOST_SECONDS, Math.max(LEAST_SECONDS, seconds)),
              0,
              false));
    }
    if (shared) {
      all +=
          images.stream()
              .flatMap(image -> image.segments().stream())
              .filter(segment -> !segment.id().startsWith("own"))
              .distinct()
              .mapToDouble(HotImages::wholeBytes)
              .sum();
    }
    return new HotImages(images, (long) all);
  }

  private static double wholeBytes(HotSegment shared) {
    return shared.bytes() / (shared.id().startsWith("runtime") ? RUNTIME_HOT : DISTRIBUTION_HOT);
  }

  /** As likely between 1 and 2 as between 100 and 200. */
  private static double between(SplittableRandom random, double least, double most) {
    return least * StrictMath.pow(most / least, random.nextDouble());
  }

  private static ChainId chain(int number) {
    return new ChainId(Digest.sha256(ByteBuffer.allocate(32).putInt(28, number).array()));
  }

  /** The images with so many starts expected of each. */
  List<HotImage> expecting(double[] starts) {
    List<HotImage> expecting = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      HotImage image = images.get(i);
      expecting.add(
          new HotImage(image.image(), image.segments(), image.secondsSaved(), starts[i], false));
    }
    return expecting;
  }
}
