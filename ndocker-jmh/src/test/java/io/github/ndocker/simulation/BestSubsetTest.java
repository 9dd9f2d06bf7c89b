package io.github.ndocker.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.budget.HotImage;
import io.github.ndocker.budget.HotSegment;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BestSubsetTest {
  private static final int IMAGES = 14;

  @Test
  void isTheOptimumOfTheKnapsackForImagesThatShareNothing() {
    for (long seed = 1; seed <= 5; seed++) {
      HotImages images = HotImages.random(new SplittableRandom(seed), IMAGES, false);
      List<HotImage> expecting = images.expecting(starts(seed));
      long budget = images.bytes() / 30;
      assertEquals(
          ExactKnapsack.seconds(expecting, budget),
          BestSubset.of(expecting, budget).seconds(),
          1e-6,
          "seed " + seed);
    }
  }

  @Test
  void countsSharedSegmentsOnce() {
    HotSegment base = new HotSegment("base", 80);
    HotImages images = HotImages.random(new SplittableRandom(1), 3, false);
    List<HotImage> sharing =
        List.of(
            image(images, 0, 6, List.of(base, new HotSegment("a", 10))),
            image(images, 1, 6, List.of(base, new HotSegment("b", 10))),
            image(images, 2, 10, List.of(new HotSegment("c", 90))));
    assertEquals(new BestSubset(Set.of(0, 1), 12), BestSubset.of(sharing, 100));
    assertEquals(new BestSubset(Set.of(2), 10), BestSubset.of(sharing, 99));
    assertEquals(new BestSubset(Set.of(), 0), BestSubset.of(sharing, 50));
  }

  @Test
  void isBetweenTheChoiceAndTheBound() {
    for (long seed = 1; seed <= 5; seed++) {
      HotImages images = HotImages.random(new SplittableRandom(seed), IMAGES, true);
      List<HotImage> expecting = images.expecting(starts(seed));
      long budget = images.bytes() / 30;
      double best = BestSubset.of(expecting, budget).seconds();
      assertTrue(OffLine.choice(expecting, budget) <= best * (1 + 1e-9), "seed " + seed);
      assertTrue(OffLine.bound(expecting, budget) >= best * (1 - 1e-9), "seed " + seed);
    }
  }

  private static double[] starts(long seed) {
    return Starts.zipf(new SplittableRandom(seed), IMAGES, 1, 500, 1).counts(0);
  }

  private static HotImage image(HotImages any, int id, double saves, List<HotSegment> segments) {
    return new HotImage(any.images().get(id).image(), segments, saves, 1, false);
  }
}
