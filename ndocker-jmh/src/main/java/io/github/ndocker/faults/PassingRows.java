package io.github.ndocker.faults;

import io.github.ndocker.api.Tier;
import io.github.ndocker.store.BackgroundMoves;
import io.github.ndocker.store.Lease;
import io.github.ndocker.store.Leases;
import io.github.ndocker.store.RateLimit;
import io.github.ndocker.store.RightOfWay;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Rows of the catalogue that are there only while something goes on. */
final class PassingRows {
  private static final int MOST_BYTES = 100_000;
  private static final String SUPERBLOCK = "erofs-1";
  private static final String EARLIER_BOOT = "00000000-0000-4000-8000-000000000000";

  private PassingRows() {}

  /**
   * Leaves what a machine leaves that goes down while much is under way: a blob in two parts, a
   * deleted one that was still mounted, the lease of that mount, and a move that waits.
   */
  static void leave(Places places, Random random) throws IOException {
    Path sysfs = places.root().resolve("sysfs");
    Files.createDirectories(sysfs.resolve("fs").resolve("erofs").resolve(SUPERBLOCK));
    try (StoreUnderTest opened =
        StoreUnderTest.open(places, catalogue -> Leases.open(catalogue, sysfs, EARLIER_BOOT))) {
      TwoTierStore store = opened.store();
      Blob split = Blob.random(random, MOST_BYTES);
      split.splitInto(store, Tier.FAST);
      Blob mounted = Blob.random(random, MOST_BYTES);
      mounted.writeTo(store, Tier.SLOW, true);
      List<Lease.Range> ranges =
          store.locate(mounted.name()).orElseThrow().extents().stream()
              .map(part -> new Lease.Range(part.file(), part.offset(), part.length()))
              .toList();
      opened.leases().add(SUPERBLOCK, Set.of(split.name(), mounted.name()), ranges);
      store.delete(mounted.name());
      RightOfWay urgent = new RightOfWay(Duration.ZERO);
      try (RightOfWay.Use taken = urgent.take();
          BackgroundMoves moves =
              BackgroundMoves.open(
                  store, opened.catalogue(), new RateLimit(RateLimit.UNLIMITED), urgent)) {
        CompletableFuture<Void> waiting = moves.request(split.name(), Tier.SLOW, 1);
        if (waiting.isDone()) {
          throw new IllegalStateException("a move did not wait");
        }
      }
    }
  }
}
