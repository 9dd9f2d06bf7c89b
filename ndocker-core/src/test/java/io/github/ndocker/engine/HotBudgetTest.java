package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.budget.PinnedTooLargeException;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A budget for some of several images, of which each part is as large as any other one. */
class HotBudgetTest extends BudgetTestBase {
  @Test
  void theImagesThatSaveMostForTheirBytesAreOnTheFastTier() throws IOException {
    try (NDocker engine = open(2 * PART)) {
      TracedImage once = image("once", "a").deploy(engine);
      TracedImage often = image("often", "b").deploy(engine);
      TracedImage long1 = image("long", "c").deploy(engine);
      TracedImage large = image("large", "d", "e").deploy(engine);
      once.start(engine);
      for (int i = 0; i < 3; i++) {
        often.start(engine);
      }
      long1.start(engine);
      engine.hotBudget().savedSeconds(once.reference(), 10);
      engine.hotBudget().savedSeconds(often.reference(), 10);
      engine.hotBudget().savedSeconds(long1.reference(), 25);
      large.start(engine);
      engine.hotBudget().savedSeconds(large.reference(), 40);
      BudgetReport report = engine.hotBudget().balance();
      assertEquals(List.of(often.name(), long1.name()), report.admitted());
      assertEquals(List.of(), report.evicted());
      assertEquals(2 * PART, report.heldBytes());
      assertEquals(2 * PART, engine.usage(Tier.FAST).usedBytes());
      assertTrue(engine.hotBudget().balance().isEmpty());
    }
  }

  @Test
  void whatIsEvictedStartsFromTheSlowTierWithAllItsBytes() throws IOException {
    try (NDocker engine = host.builder().placement(new AllFast()).hotBudget(PART).open()) {
      TracedImage one = image("one", "a").deploy(engine);
      TracedImage other = image("other", "b").deploy(engine);
      one.start(engine);
      assertEquals(List.of(one.name()), engine.hotBudget().balance().admitted());
      one.start(engine);
      for (int i = 0; i < 5; i++) {
        other.start(engine);
      }
      engine.promote(other.reference(), "w");
      assertEquals(2 * PART, engine.hotBudget().heldBytes());
      BudgetReport report = engine.hotBudget().balance();
      assertEquals(List.of(one.name()), report.evicted());
      assertEquals(List.of(), report.admitted());
      one.assertResident(engine, false);
      other.assertResident(engine, true);
      assertEquals(PART, engine.usage(Tier.FAST).usedBytes());
      one.start(engine);
      other.start(engine);
      assertTrue(host.holds(one.image()) && host.holds(other.image()));
    }
  }

  @Test
  void layersOfAnEvictedImageLeaveTheFastTierToo() throws IOException {
    try (NDocker engine =
        host.builder().placement(new AllFast()).backgroundBytesPerSecond(1).hotBudget(0).open()) {
      TracedImage image = image("image", "a", "b").deploy(engine);
      engine.promote(image.reference(), "w", BrushBack.BACKGROUND);
      assertTrue(engine.usage(Tier.FAST).usedBytes() > 4 * PART);
      assertEquals(List.of(image.name()), engine.hotBudget().balance().evicted());
      assertEquals(0, engine.usage(Tier.FAST).usedBytes());
      image.start(engine);
    }
  }

  @Test
  void pinnedImagesStayWhateverTheyAreWorth() throws IOException {
    try (NDocker engine = open(PART)) {
      TracedImage idle = image("idle", "a").deploy(engine);
      TracedImage busy = image("busy", "b").deploy(engine);
      busy.start(engine);
      engine.hotBudget().balance();
      engine.hotBudget().pin(idle.reference());
      BudgetReport report = engine.hotBudget().balance();
      assertEquals(List.of(idle.name()), report.admitted());
      assertEquals(List.of(busy.name()), report.evicted());
      engine.hotBudget().pin(busy.reference());
      PinnedTooLargeException tooLarge =
          assertThrows(PinnedTooLargeException.class, engine.hotBudget()::balance);
      assertEquals(2 * PART, tooLarge.neededBytes());
      assertEquals(PART, tooLarge.budgetBytes());
      idle.assertResident(engine, true);
      engine.hotBudget().unpin(idle.reference());
      assertEquals(List.of(busy.name()), engine.hotBudget().balance().admitted());
      idle.assertResident(engine, false);
    }
  }

  @Test
  void whatImagesShareIsCountedOnce() throws IOException {
    try (NDocker engine = open(4 * PART)) {
      for (String own : List.of("a", "b", "c")) {
        TracedImage image = image(own, "base", own).deploy(engine);
        image.start(engine);
      }
      BudgetReport report = engine.hotBudget().balance();
      assertEquals(3, report.admitted().size());
      assertEquals(4 * PART, report.heldBytes());
      assertEquals(4 * PART, engine.usage(Tier.FAST).usedBytes());
    }
  }

  @Test
  void packsThatHoldBytesOfNobodyAreWithinTheBudgetToo() throws IOException {
    TracedImage all;
    TracedImage most;
    try (NDocker engine = open(6 * PART)) {
      all = image("all", "a", "b", "c", "d", "e").deploy(engine);
      most = image("most", "a", "b", "c", "d").deploy(engine);
      all.start(engine);
      engine.hotBudget().balance();
      most.start(engine);
      assertEquals(List.of(most.name()), engine.hotBudget().balance().admitted());
      // a fifth of the pack of the one is not needed by the other, which it may keep
      engine.demote(all.reference());
      assertEquals(5 * PART, engine.hotBudget().heldBytes());
    }
    try (NDocker engine = open(4 * PART)) {
      BudgetReport report = engine.hotBudget().balance();
      assertEquals(4 * PART, report.heldBytes());
      assertTrue(report.evicted().isEmpty(), report.toString());
      most.assertResident(engine, true);
      most.start(engine);
      all.start(engine);
    }
    try (NDocker engine = open(3 * PART)) {
      assertEquals(List.of(most.name()), engine.hotBudget().balance().evicted());
      assertEquals(0, engine.usage(Tier.FAST).usedBytes());
    }
  }

  @Test
  void whatIsPackedTwiceIsWithinTheBudgetTooAndNoImageComesAndGoes() throws IOException {
    long shared = 32 << 10;
    try (NDocker engine =
        host.builder().placement(new AllSlow()).hotBudget(2 * PART + shared).open()) {
      TracedImage one = image("one", "s", "a").deploy(engine);
      TracedImage other = image("other", "s", "b").deploy(engine);
      // less than a device of a mount is worth: each of them gets a copy of it
      one.traced(engine, Map.of("s/file", shared, "a/file", PART)).start(engine);
      other.traced(engine, Map.of("s/file", shared, "b/file", PART)).start(engine);
      other.start(engine);
      BudgetReport report = engine.hotBudget().balance();
      assertEquals(List.of(other.name()), report.admitted());
      assertEquals(List.of(), report.evicted());
      assertEquals(PART + shared, report.heldBytes());
      assertEquals(PART + shared, engine.usage(Tier.FAST).usedBytes());
      long written = engine.usage(Tier.FAST).blobs();
      assertTrue(engine.hotBudget().balance().isEmpty());
      assertEquals(written, engine.usage(Tier.FAST).blobs());
      one.start(engine);
    }
  }

  @Test
  void anImageThatDoesNotFitOnTheTierCostsNoOtherOne() throws IOException {
    host = host.withFastBytes(3 * PART);
    try (NDocker engine = open(100 * PART)) {
      TracedImage large = image("large", "a", "b", "c", "d").deploy(engine);
      TracedImage small = image("small", "e").deploy(engine);
      large.start(engine);
      small.start(engine);
      engine.hotBudget().savedSeconds(large.reference(), 1_000);
      BudgetReport report = engine.hotBudget().balance();
      assertEquals(List.of(small.name()), report.admitted());
      assertEquals(1, report.failures().size());
      assertEquals(large.name(), report.failures().get(0).reference());
      assertInstanceOf(TierFullException.class, report.failures().get(0).reason());
      large.start(engine);
    }
  }

  @Test
  void startsPinsAndSecondsAreKnownToTheNextEngine() throws IOException {
    List<BudgetedImage> before;
    TracedImage image;
    try (NDocker engine = open(3 * PART)) {
      image = image("image", "a").deploy(engine);
      image("untouched", "b").deploy(engine);
      image.start(engine);
      image.start(engine);
      engine.hotBudget().pin(image.reference());
      engine.hotBudget().savedSeconds(image.reference(), 0.5);
      before = engine.hotBudget().images();
    }
    try (NDocker engine = open(3 * PART)) {
      BudgetedImage after = image.in(engine);
      assertEquals(2, before.size());
      assertEquals(2, after.expectedStarts(), 0.01);
      assertEquals(0.5, after.secondsSaved());
      assertTrue(after.measured() && after.pinned());
      engine.remove(image.reference());
      image.deploy(engine);
      BudgetedImage again = image.in(engine);
      assertEquals(0, again.expectedStarts());
      assertFalse(again.measured() || again.pinned());
    }
    try (NDocker engine = open(3 * PART)) {
      assertFalse(image.in(engine).pinned());
    }
  }

  @Test
  void oneOfSeveralNamesOfAnImageMayGo() throws IOException {
    try (NDocker engine = open(3 * PART)) {
      TracedImage image = image("image", "a").deploy(engine);
      TracedImage alias = image("alias", "a").deploy(engine);
      image.start(engine);
      alias.start(engine);
      assertEquals(2, alias.in(engine).expectedStarts(), 0.01);
      assertEquals(List.of(alias.name()), engine.hotBudget().balance().admitted());
      engine.remove(alias.reference());
      assertEquals(2, image.in(engine).expectedStarts(), 0.01);
      image.assertResident(engine, true);
    }
  }

  @Test
  void morePacksAreMadeWhenMoreWasTraced() throws IOException {
    try (NDocker engine = open(2 * PART)) {
      TracedImage image = image("image", "a", "b").deploy(engine);
      image.traced(engine, Map.of("a/file", PART));
      image.start(engine);
      assertEquals(List.of(image.name()), engine.hotBudget().balance().admitted());
      assertEquals(PART, engine.hotBudget().heldBytes());
      image.deploy(engine);
      BudgetReport report = engine.hotBudget().balance();
      assertEquals(List.of(image.name()), report.renewed());
      assertEquals(2 * PART, report.heldBytes());
      assertTrue(engine.hotBudget().balance().isEmpty());
    }
  }

  @Test
  void whatWasPredictedStaysAsItIsUntilThereIsATrace() throws IOException {
    try (NDocker engine = open(8 * PART)) {
      TracedImage image = image("image", "a", "hello");
      engine.deploy(image.reference(), OciLayout.open(image.layout()), progress -> {});
      assertEquals(List.of(), engine.hotBudget().images());
      engine.promotePredicted(
          image.reference(),
          engine.containerSpec(image.reference(), List.of("/a/file")),
          BrushBack.NOW);
      long predicted = engine.hotBudget().heldBytes();
      assertTrue(predicted > 0);
      assertTrue(engine.hotBudget().balance().isEmpty());
      assertEquals(predicted, engine.hotBudget().heldBytes());
      image.deploy(engine);
      image.start(engine);
      engine.hotBudget().balance();
      assertEquals(2 * PART, engine.hotBudget().heldBytes());
    }
  }

  @Test
  @Timeout(30)
  void theFastTierIsBalancedInTheBackground() throws IOException {
    try (NDocker engine =
        host.builder()
            .placement(new AllSlow())
            .hotBudget(PART)
            .balanceEvery(Duration.ofMillis(5))
            .open()) {
      TracedImage image = image("image", "a").deploy(engine);
      image.start(engine);
      while (!image.in(engine).resident()) {
        Thread.onSpinWait();
      }
      assertEquals(PART, engine.hotBudget().heldBytes());
    }
  }

  @Test
  void withoutAFastMediumTheBudgetIsOneOfTheSlowOne() throws IOException {
    try (NDocker engine =
        NDocker.builder(host.state(), FileTier.open(host.slow(), 1L << 30))
            .registry(Host.impatient())
            .hotBudget(PART)
            .open()) {
      TracedImage one = image("one", "a").deploy(engine);
      TracedImage other = image("other", "b").deploy(engine);
      one.start(engine);
      assertEquals(List.of(one.name()), engine.hotBudget().balance().admitted());
      other.start(engine);
      other.start(engine);
      other.start(engine);
      assertEquals(List.of(one.name()), engine.hotBudget().balance().evicted());
      assertEquals(PART, engine.hotBudget().heldBytes());
      other.assertResident(engine, true);
    }
  }

  @Test
  void withoutABudgetNothingIsCounted() throws IOException {
    TracedImage image;
    try (NDocker engine = host.open()) {
      image = image("image", "a").deploy(engine);
      image.start(engine);
      assertThrows(IllegalStateException.class, engine::hotBudget);
    }
    try (NDocker engine = open(PART)) {
      assertEquals(0, image.in(engine).expectedStarts());
    }
    NDockerBuilder options = host.builder();
    assertThrows(IllegalArgumentException.class, () -> options.hotBudget(-1));
    assertThrows(IllegalArgumentException.class, () -> options.hotBudget(1, Duration.ZERO));
    assertThrows(IllegalArgumentException.class, () -> options.balanceEvery(Duration.ZERO));
    Duration forever = ChronoUnit.FOREVER.getDuration();
    assertThrows(IllegalArgumentException.class, () -> options.hotBudget(1, forever));
    assertThrows(IllegalArgumentException.class, () -> options.balanceEvery(forever));
    Duration millennium = Duration.ofDays(365_250);
    options.hotBudget(1, millennium).balanceEvery(millennium).open().close();
  }
}
