package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.store.RightOfWay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What waits for ever if it is wrong: so the tests have threads of their own. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BudgetThreadsTest {
  private static final long PART = TracedImage.HOT;

  @TempDir Path directory;

  @BeforeEach
  void needMounts() {
    LoopMount.assumePossible();
  }

  private NDocker open() throws IOException {
    return Host.in(directory)
        .builder()
        .placement(new AllSlow())
        .hotBudget(2 * PART)
        .balanceEvery(Duration.ofMillis(1))
        .open();
  }

  @Test
  void theEngineIsClosedWhileSomebodyElseBalances() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    CompletableFuture<Void> other;
    try (NDocker engine = open()) {
      TracedImage image = TracedImage.make(directory, "image", "a").deploy(engine);
      image.start(engine);
      while (!image.in(engine).resident()) {
        Thread.onSpinWait();
      }
      StandAside pause =
          () -> {
            begun.countDown();
            waitFor(closed);
            throw new IOException("the engine is closed by now");
          };
      other = CompletableFuture.runAsync(() -> balance(engine, pause));
      begun.await();
    }
    closed.countDown();
    other.join();
  }

  private static void balance(NDocker engine, StandAside pause) {
    try {
      while (engine.hotBudget().balanceUnlessBusy(pause).isEmpty()) {
        // a balance in the background is under way
        Thread.onSpinWait();
      }
    } catch (IOException e) {
      assertEquals("the engine is closed by now", e.getMessage());
    }
  }

  private static void waitFor(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void theEngineIsClosedInTheMiddleOfABalanceThatStandsAside() throws IOException {
    TracedImage image;
    NDocker engine = open();
    try (RightOfWay.Use start = engine.rightOfWay().take();
        NDocker closedFirst = engine) {
      for (int i = 0; i < 4; i++) {
        TracedImage.make(directory, "image" + i, "part" + i).deploy(closedFirst).start(closedFirst);
      }
      image = TracedImage.make(directory, "image", "a").deploy(closedFirst);
      for (int i = 0; i < 10; i++) {
        image.start(closedFirst);
      }
    }
    // the starts that were counted are there
    try (NDocker next = Host.in(directory).builder().hotBudget(PART).open()) {
      assertTrue(image.in(next).expectedStarts() > 9.9);
    }
  }

  @Test
  void twoBalancesInTheBackgroundAreOne() throws IOException {
    try (NDocker engine = Host.in(directory).builder().hotBudget(PART).open()) {
      TracedImage.make(directory, "image", "a").deploy(engine).start(engine);
      Optional<BudgetReport> outer =
          engine
              .hotBudget()
              .balanceUnlessBusy(
                  () ->
                      assertEquals(
                          Optional.empty(),
                          CompletableFuture.supplyAsync(() -> second(engine))
                              .orTimeout(10, TimeUnit.SECONDS)
                              .join()));
      assertEquals(1, outer.orElseThrow().admitted().size());
    }
  }

  private static Optional<BudgetReport> second(NDocker engine) {
    try {
      return engine.hotBudget().balanceUnlessBusy(() -> {});
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
