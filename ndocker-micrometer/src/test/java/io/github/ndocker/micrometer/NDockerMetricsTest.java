package io.github.ndocker.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTierContractTest;
import io.github.ndocker.store.BackgroundMoves;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.FileTier;
import io.github.ndocker.store.Leases;
import io.github.ndocker.store.RateLimit;
import io.github.ndocker.store.RightOfWay;
import io.github.ndocker.store.TwoTierStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Metrics of a real store. */
class NDockerMetricsTest {
  private static final int BYTES = 100_000;

  @TempDir private Path directory;
  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private NDockerMetrics metrics;
  private Catalogue catalogue;
  private TwoTierStore store;

  @BeforeEach
  void open() throws IOException {
    BlobTier fast = FileTier.open(directory.resolve("fast"), 1 << 20);
    BlobTier slow = FileTier.open(directory.resolve("slow"), 1 << 30);
    metrics = new NDockerMetrics(fast, slow);
    catalogue = Catalogue.open(directory.resolve("state"));
    store = TwoTierStore.open(fast, slow, Leases.open(catalogue), catalogue, metrics);
    metrics.bindTo(registry);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    catalogue.close();
  }

  private Digest put(Tier tier, int seed, int bytes) throws IOException {
    try (BlobWriter writer = store.write(tier, bytes)) {
      writer.write(ByteBuffer.wrap(BlobTierContractTest.bytes(seed, bytes)));
      return writer.commit();
    }
  }

  private double gauge(String name, String tier) {
    return registry.get(name).tag("tier", tier).gauge().value();
  }

  private double count(String name, String... tags) {
    return registry.get(name).tags(tags).functionCounter().count();
  }

  @Test
  void showsHowFullTheTiersAre() throws IOException {
    put(Tier.FAST, 1, BYTES);
    put(Tier.SLOW, 2, 2 * BYTES);
    assertEquals(BYTES, gauge("ndocker.tier.used.bytes", "fast"));
    assertEquals(2 * BYTES, gauge("ndocker.tier.used.bytes", "slow"));
    assertEquals(1 << 20, gauge("ndocker.tier.capacity.bytes", "fast"));
    assertEquals(1 << 30, gauge("ndocker.tier.capacity.bytes", "slow"));
  }

  @Test
  void countsMovesHitsAndEvictions() throws IOException {
    Digest blob = put(Tier.SLOW, 1, BYTES);
    store.read(blob).close();
    store.move(blob, Tier.FAST);
    store.read(blob).close();
    store.read(blob).close();
    store.evict(blob);
    assertEquals(1, count("ndocker.hits", "tier", "slow"));
    assertEquals(2, count("ndocker.hits", "tier", "fast"));
    assertEquals(1, count("ndocker.moves", "to", "fast"));
    assertEquals(1, count("ndocker.moves", "to", "slow"));
    assertEquals(BYTES, count("ndocker.moved.bytes", "to", "fast"));
    assertEquals(1, count("ndocker.evictions"));
  }

  @Test
  void countsWhatFailsAndWhatIsMended() throws Exception {
    Digest large = put(Tier.SLOW, 1, 2 << 20);
    try (BackgroundMoves moves =
        BackgroundMoves.open(
            store, catalogue, new RateLimit(RateLimit.UNLIMITED), new RightOfWay(Duration.ZERO))) {
      assertThrows(ExecutionException.class, () -> moves.request(large, Tier.FAST, 0).get());
    }
    assertThrows(TierFullException.class, () -> store.move(large, Tier.FAST));
    assertEquals(1, count("ndocker.moves.failed"));
    assertEquals(2, count("ndocker.refused", "tier", "fast"));
    assertEquals(0, count("ndocker.refused", "tier", "slow"));

    Digest blob = put(Tier.SLOW, 2, BYTES);
    Files.write(store.locate(blob).orElseThrow().extents().get(0).file(), new byte[BYTES]);
    assertThrows(DigestMismatchException.class, () -> store.move(blob, Tier.FAST));
    assertEquals(1, count("ndocker.damaged"));
    assertEquals(0, count("ndocker.repairs"));
    store.delete(blob);
    put(Tier.SLOW, 2, BYTES);
    assertEquals(1, count("ndocker.repairs"));
  }

  @Test
  void showsARegistryThatIsBoundLaterWhatWasCountedBefore() throws IOException {
    store.read(put(Tier.SLOW, 1, BYTES)).close();
    SimpleMeterRegistry later = new SimpleMeterRegistry();
    metrics.bindTo(later);
    assertEquals(1, later.get("ndocker.hits").tag("tier", "slow").functionCounter().count());
  }
}
