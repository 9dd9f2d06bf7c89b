package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
  private static final long SECOND = 1_000_000_000;
  private static final StillWanted ALWAYS = () -> {};

  private final SteppedTime time = SteppedTime.running();
  private final long begin = time.nanoTime();

  private long elapsed() {
    return time.nanoTime() - begin;
  }

  @Test
  void letsABurstPassAtOnceAndThenTheRate() throws IOException {
    RateLimit limit = new RateLimit(1_000, 500, time);
    limit.acquire(300, ALWAYS);
    limit.acquire(200, ALWAYS);
    assertEquals(0, elapsed());
    limit.acquire(250, ALWAYS);
    assertEquals(SECOND / 4, elapsed());
  }

  @Test
  void savesNoMoreThanABurst() throws IOException {
    RateLimit limit = new RateLimit(1_000, 500, time);
    limit.acquire(500, ALWAYS);
    time.advance(60 * SECOND);
    limit.acquire(500, ALWAYS);
    assertEquals(60 * SECOND, elapsed());
    limit.acquire(500, ALWAYS);
    assertEquals(60 * SECOND + SECOND / 2, elapsed());
  }

  @Test
  void makesTheNextOnePayForMoreThanABurst() throws IOException {
    RateLimit limit = new RateLimit(1_000, 500, time);
    limit.acquire(3_500, ALWAYS);
    assertEquals(0, elapsed());
    limit.acquire(1, ALWAYS);
    assertEquals(3 * SECOND + SECOND / 1_000, elapsed());
  }

  @Test
  void passesTheRateAndNoMoreWhateverIsAskedFor() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RateLimit limit = new RateLimit(100_000, 5_000, time);
    long passed = 0;
    for (int i = 0; i < 1_000; i++) {
      int bytes = 1 + random.nextInt(5_000);
      limit.acquire(bytes, ALWAYS);
      passed += bytes;
      double most = 5_000 + elapsed() / 1e9 * 100_000;
      assertTrue(passed <= most + 1, passed + " of " + most + " bytes, seed " + seed);
      // a slice of waiting too much is made up for
      assertTrue(passed >= most - 12_000, passed + " of " + most + " bytes, seed " + seed);
    }
  }

  @Test
  void sharesTheRateAmongThreads() throws Exception {
    RateLimit limit = new RateLimit(100_000, 5_000, time);
    AtomicLong passed = new AtomicLong();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        done.add(
            threads.submit(
                () -> {
                  for (int piece = 0; piece < 500; piece++) {
                    limit.acquire(1_000, ALWAYS);
                    passed.addAndGet(1_000);
                  }
                  return null;
                }));
      }
      for (Future<?> result : done) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(2_000_000, passed.get());
    assertTrue(elapsed() >= 19_950_000_000L, elapsed() + " ns");
  }

  @Test
  void changesTheRateOfThoseWhoWait() throws IOException {
    RateLimit limit = new RateLimit(1, 500, time);
    limit.acquire(500, ALWAYS);
    AtomicInteger asked = new AtomicInteger();
    limit.acquire(
        500,
        () -> {
          if (asked.incrementAndGet() == 3) {
            limit.setBytesPerSecond(1_000_000);
          }
        });
    assertEquals(1_000_000, limit.bytesPerSecond());
    assertTrue(elapsed() < SECOND, elapsed() + " ns");
    limit.setBytesPerSecond(RateLimit.UNLIMITED);
    long before = elapsed();
    limit.acquire(Long.MAX_VALUE, ALWAYS);
    limit.acquire(Long.MAX_VALUE, ALWAYS);
    assertEquals(before, elapsed());
  }

  @Test
  void givesUpWhatIsNotWantedAnyMoreWithinASlice() throws IOException {
    RateLimit limit = new RateLimit(1, 500, time);
    limit.acquire(500, ALWAYS);
    AtomicInteger asked = new AtomicInteger();
    assertThrows(
        IOException.class,
        () ->
            limit.acquire(
                500,
                () -> {
                  if (asked.incrementAndGet() == 2) {
                    throw new IOException("enough");
                  }
                }));
    assertEquals(Parking.SLICE_NANOS, elapsed());
  }

  @Test
  void refusesRatesAndBurstsThatMakeNoSense() {
    assertThrows(IllegalArgumentException.class, () -> new RateLimit(-1));
    assertThrows(IllegalArgumentException.class, () -> new RateLimit(1, 0));
    assertThrows(IllegalArgumentException.class, () -> new RateLimit(1).setBytesPerSecond(-1));
  }

  @Test
  void keepsTheWayFreeUntilTheLastOneHasLeftAndAMomentLonger() throws IOException {
    RightOfWay way = new RightOfWay(java.time.Duration.ofSeconds(5), time);
    way.await(ALWAYS);
    assertEquals(0, elapsed());
    RightOfWay.Use first = way.take();
    RightOfWay.Use second = way.take();
    AtomicInteger asked = new AtomicInteger();
    way.await(
        () -> {
          switch (asked.incrementAndGet()) {
            case 10 -> first.close();
            case 11 -> first.close();
            case 20 -> second.close();
            default -> {}
          }
        });
    // the last one leaves after 19 waits
    assertEquals(19 * Parking.SLICE_NANOS + 5 * SECOND, elapsed());
  }
}
