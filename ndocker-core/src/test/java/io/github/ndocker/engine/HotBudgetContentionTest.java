package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.placement.Lass;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Everybody does something at a time, and again after the engine was closed and opened. */
class HotBudgetContentionTest {
  private static final int ENGINES = 3;
  private static final int STEPS = 14;
  private static final long BUDGET = 4L * TracedImage.HOT;

  @TempDir Path directory;

  @Test
  void theBudgetHoldsAndNoByteIsLostWhateverGoesOnAtATime() throws Exception {
    LoopMount.assumePossible();
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    String context = "-Dndocker.seed=" + seed;
    Random random = new Random(seed);
    Host host = Host.in(directory);
    List<TracedImage> images = new ArrayList<>();
    for (String[] parts :
        new String[][] {{"base", "a"}, {"base", "b"}, {"base", "a", "c"}, {"d"}, {"d", "e"}}) {
      images.add(TracedImage.make(directory, "image" + images.size(), parts));
    }
    try (NDocker engine = host.builder().placement(new AllSlow()).open()) {
      for (TracedImage image : images) {
        image.deploy(engine);
      }
    }
    for (int i = 0; i < ENGINES; i++) {
      try (NDocker engine = open(host)) {
        run(engine, images, random);
      } catch (IOException | RuntimeException | AssertionError | ExecutionException e) {
        throw new AssertionError(context, e);
      }
    }
    try (NDocker engine = open(host)) {
      for (TracedImage image : images) {
        engine.hotBudget().unpin(image.reference());
        image.start(engine);
      }
      BudgetReport report = engine.hotBudget().balance();
      assertTrue(report.heldBytes() <= BUDGET, context + report);
      assertEquals(List.of(), report.failures(), context);
      assertTrue(packs(engine, images) > 0, context);
      for (TracedImage image : images) {
        image.start(engine);
        assertTrue(host.holds(image.image()), context);
      }
      // whatever a deployment has left on the fast tier
      for (TracedImage image : images) {
        engine.demote(image.reference());
        engine.promote(image.reference(), "w");
      }
      engine.hotBudget().balance();
      assertTrue(engine.usage(Tier.FAST).usedBytes() <= BUDGET, context);
      assertEquals(List.of(), engine.check(CheckOptions.quick().deeply()).findings(), context);
    }
  }

  private static NDocker open(Host host) throws IOException {
    return host.builder()
        .placement(new Lass())
        .hotBudget(BUDGET)
        .balanceEvery(Duration.ofMillis(20))
        .open();
  }

  private static long packs(NDocker engine, List<TracedImage> images) throws IOException {
    long packs = 0;
    for (TracedImage image : images) {
      packs += engine.inspect(image.reference()).hotPacks().size();
    }
    return packs;
  }

  private interface Work {
    void on(TracedImage image, Random random) throws IOException;
  }

  private static void run(NDocker engine, List<TracedImage> images, Random random)
      throws IOException, InterruptedException, ExecutionException {
    List<Work> works =
        List.of(
            (image, chance) -> image.start(engine),
            (image, chance) -> image.start(engine),
            (image, chance) -> assertOnlyRemoved(engine.hotBudget().balance()),
            (image, chance) -> promote(engine, image, chance),
            (image, chance) -> {
              // one thread removes, so that what is removed is there again
              engine.remove(image.reference());
              image.deploy(engine);
            });
    ExecutorService threads = Executors.newFixedThreadPool(works.size());
    try {
      List<Future<?>> ends = new ArrayList<>();
      for (Work work : works) {
        long seed = random.nextLong();
        ends.add(
            threads.submit(
                () -> {
                  Random chance = new Random(seed);
                  int done = 0;
                  for (int step = 0; step < STEPS; step++) {
                    TracedImage image = images.get(chance.nextInt(images.size()));
                    try {
                      work.on(image, chance);
                      done++;
                    } catch (NotDeployedException | NotTracedException e) {
                      // it was removed, and comes again: only what is done counts
                    }
                  }
                  assertTrue(done > 0, "nothing was done of this work");
                  return null;
                }));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  /** What is removed in the middle of a balance may fail in it, also if it is there again. */
  private static void assertOnlyRemoved(BudgetReport report) {
    for (BudgetFailure failure : report.failures()) {
      assertTrue(
          failure.reason() instanceof NotDeployedException
              || failure.reason() instanceof NotTracedException,
          () -> failure + " in " + report);
    }
  }

  private static void promote(NDocker engine, TracedImage image, Random random) throws IOException {
    switch (random.nextInt(4)) {
      case 0 -> engine.promote(image.reference(), "w", BrushBack.BACKGROUND);
      case 1 -> engine.demote(image.reference());
      case 2 -> engine.hotBudget().savedSeconds(image.reference(), random.nextInt(20));
      default -> {
        engine.hotBudget().pin(image.reference());
        engine.hotBudget().unpin(image.reference());
      }
    }
  }
}
