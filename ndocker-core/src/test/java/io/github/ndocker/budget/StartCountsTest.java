package io.github.ndocker.budget;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StartCountsTest {
  private static final ChainId IMAGE = new ChainId(Digest.sha256(new byte[32]));
  private static final double EXACT = 1e-12;

  private long now;

  @Test
  void halvesWithEveryHalfLife() {
    StartCounts counts = new StartCounts(100, () -> now);
    assertEquals(0, counts.expected(IMAGE));
    counts.started(IMAGE);
    counts.started(IMAGE);
    assertEquals(2, counts.expected(IMAGE), EXACT);
    now = 100;
    assertEquals(1, counts.expected(IMAGE), EXACT);
    counts.started(IMAGE);
    now = 300;
    assertEquals(0.5, counts.expected(IMAGE), EXACT);
    counts.forget(IMAGE);
    assertEquals(0, counts.expected(IMAGE));
  }

  @Test
  void comesToTheStartsInOnePointFourFourHalfLivesAtASteadyRate() {
    StartCounts counts = new StartCounts(1_000, () -> now);
    for (now = 0; now < 20_000; now++) {
      counts.started(IMAGE);
    }
    assertEquals(1_000 / StrictMath.log(2), counts.expected(IMAGE), 1);
  }

  @Test
  void survivesAnyIdleTimeAndAClockThatWasSetBack() {
    now = Long.MIN_VALUE;
    StartCounts counts = new StartCounts(1, () -> now);
    counts.started(IMAGE);
    now = Long.MAX_VALUE;
    assertEquals(0, counts.expected(IMAGE));
    assertEquals(1, counts.started(IMAGE).weight());
    now = 5;
    assertEquals(1, counts.expected(IMAGE), "as it was, until the clock has caught up");
    assertEquals(new StartCount(2, Long.MAX_VALUE), counts.started(IMAGE));
    StartCounts slow = new StartCounts(Long.MAX_VALUE, () -> now);
    slow.started(IMAGE);
    now = 1L << 40;
    assertTrue(slow.expected(IMAGE) > 0.999);
  }

  @Test
  void goesOnAfterARestart() {
    StartCounts before = new StartCounts(10, () -> now);
    StartCount kept = before.started(IMAGE);
    assertEquals(Map.of(IMAGE, kept), before.snapshot());
    now = 10;
    StartCounts after = new StartCounts(10, () -> now, before.snapshot());
    assertEquals(0.5, after.expected(IMAGE), EXACT);
    after.started(IMAGE);
    assertEquals(0.5, before.expected(IMAGE), EXACT, "a copy");
  }

  @Test
  void refusesWhatIsNoCount() {
    for (double weight : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThrows(IllegalArgumentException.class, () -> new StartCount(weight, 0));
    }
    assertThrows(IllegalArgumentException.class, () -> new StartCounts(0, () -> now));
  }
}
