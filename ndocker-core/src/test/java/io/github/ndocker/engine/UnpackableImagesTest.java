package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.hotfile.MalformedProfileException;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.PromotionRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Images that cannot be packed, or not be evicted as a whole, cost no others. */
class UnpackableImagesTest extends BudgetTestBase {
  /** More than an image is left out for. */
  private static final int MANY_BALANCES = 20;

  private static IOException onlyFailure(TracedImage image, BudgetReport report) {
    assertEquals(
        List.of(image.name()), report.failures().stream().map(BudgetFailure::reference).toList());
    return report.failures().get(0).reason();
  }

  @Test
  void anImageThatTheTierCannotHoldEvictsNobody() throws IOException {
    host = host.withFastBytes(3 * PART);
    try (NDocker engine = open(4 * PART)) {
      TracedImage small = image("small", "e").deploy(engine);
      small.start(engine);
      assertEquals(List.of(small.name()), engine.hotBudget().balance().admitted());
      TracedImage large = image("large", "a", "b", "c", "d").deploy(engine);
      large.start(engine);
      engine.hotBudget().savedSeconds(large.reference(), 1_000);
      for (int i = 0; i < 3; i++) {
        BudgetReport report = engine.hotBudget().balance();
        assertTrue(report.isEmpty(), report.toString());
        assertInstanceOf(TierFullException.class, onlyFailure(large, report));
        assertEquals(PART, report.heldBytes());
      }
    }
  }

  @Test
  void whatElseIsOnTheTierIsNoRoomForPacks() throws IOException {
    host = host.withFastBytes(4 * PART);
    TracedImage untraced = image("untraced", "x");
    try (NDocker engine = host.builder().placement(new AllFast()).hotBudget(4 * PART).open()) {
      engine.deploy(untraced.reference(), OciLayout.open(untraced.layout()), progress -> {});
    }
    try (NDocker engine = open(4 * PART)) {
      TracedImage small = image("small", "e").deploy(engine);
      small.start(engine);
      engine.hotBudget().balance();
      TracedImage large = image("large", "a", "b", "c", "d").deploy(engine);
      large.start(engine);
      engine.hotBudget().savedSeconds(large.reference(), 1_000);
      BudgetReport report = engine.hotBudget().balance();
      assertTrue(report.isEmpty(), report.toString());
      assertInstanceOf(TierFullException.class, onlyFailure(large, report));
      small.assertResident(engine, true);
      engine.remove(untraced.reference());
      BudgetReport fits = engine.hotBudget().balance();
      assertEquals(List.of(large.name()), fits.admitted());
      assertEquals(List.of(small.name()), fits.evicted());
    }
  }

  @Test
  void anImageWithADamagedLayerEvictsNobodyForLong() throws IOException {
    try (NDocker engine = open(PART)) {
      TracedImage good = image("good", "a").deploy(engine);
      TracedImage bad = image("bad", "b").deploy(engine);
      good.start(engine);
      bad.start(engine);
      engine.hotBudget().savedSeconds(good.reference(), 10);
      engine.hotBudget().balance();
      good.assertResident(engine, true);
      engine.hotBudget().savedSeconds(bad.reference(), 1_000);
      flipByte(bad);
      BudgetReport first = engine.hotBudget().balance();
      assertInstanceOf(DigestMismatchException.class, onlyFailure(bad, first));
      assertEquals(List.of(), first.evicted());
      assertEquals(List.of(), first.admitted());
      good.assertResident(engine, true);
      // and is not packed anew every time
      for (int i = 0; i < 3; i++) {
        BudgetReport next = engine.hotBudget().balance();
        assertTrue(next.isEmpty(), next.toString());
        assertInstanceOf(DigestMismatchException.class, onlyFailure(bad, next).getCause());
      }
      flipByte(bad);
      int balances = 0;
      while (!bad.in(engine).resident()) {
        assertTrue(balances++ < MANY_BALANCES, "it was repaired");
        engine.hotBudget().balance();
      }
      good.assertResident(engine, false);
      bad.start(engine);
    }
  }

  @Test
  void anImageThatFailedComesBackAtOnceWhereThereIsRoom() throws IOException {
    try (NDocker engine = open(2 * PART)) {
      TracedImage bad = image("bad", "b").deploy(engine);
      bad.start(engine);
      flipByte(bad);
      assertInstanceOf(
          DigestMismatchException.class, onlyFailure(bad, engine.hotBudget().balance()));
      flipByte(bad);
      assertEquals(List.of(bad.name()), engine.hotBudget().balance().admitted());
    }
  }

  /** In the middle of its only layer. */
  private void flipByte(TracedImage image) throws IOException {
    Digest layer = image.image().layers().get(0).diffId().digest();
    Path file = host.slow().resolve("blobs").resolve(layer.algorithm()).resolve(layer.hex());
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
  }

  @Test
  void anImageIsEvictedAlsoIfItsLayersCannotLeave() throws IOException {
    host = host.withSlowBytes(100_000);
    try (NDocker engine =
        host.builder().placement(new AllFast()).backgroundBytesPerSecond(1).hotBudget(0).open()) {
      TracedImage image = image("image", "a").deploy(engine);
      engine.promote(image.reference(), "w", BrushBack.BACKGROUND);
      BudgetReport report = engine.hotBudget().balance();
      assertEquals(List.of(image.name()), report.evicted());
      assertInstanceOf(TierFullException.class, onlyFailure(image, report));
      assertEquals(0, report.heldBytes());
      assertTrue(engine.hotBudget().balance().isEmpty());
      image.start(engine);
    }
  }

  @Test
  void aPromotionThatCannotBeReadStopsNoBalanceAndIsMadeAgain() throws IOException {
    TracedImage broken;
    TracedImage good;
    ChainId chain;
    try (NDocker engine = open(2 * PART)) {
      broken = image("broken", "a").deploy(engine);
      good = image("good", "b").deploy(engine);
      broken.start(engine);
      good.start(engine);
      assertEquals(2, engine.hotBudget().balance().admitted().size());
      chain = engine.inspect(broken.reference()).chainId();
    }
    try (Catalogue catalogue = Catalogue.open(host.state())) {
      PromotionRecord promotion = catalogue.promotions().find(chain).orElseThrow();
      catalogue.promotions().put(new PromotionRecord(chain, promotion.hotPacks(), "{}"));
    }
    try (NDocker engine = open(2 * PART)) {
      assertEquals(2 * PART, engine.hotBudget().heldBytes());
      assertEquals(2, engine.hotBudget().images().size());
      BudgetReport report = engine.hotBudget().balance();
      assertInstanceOf(MalformedProfileException.class, onlyFailure(broken, report));
      assertEquals(List.of(), report.evicted());
      assertEquals(List.of(broken.name()), report.renewed());
      assertEquals(2 * PART, report.heldBytes());
      BudgetReport next = engine.hotBudget().balance();
      assertTrue(next.isEmpty() && next.failures().isEmpty(), next.toString());
      broken.start(engine);
      good.start(engine);
    }
  }
}
