package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.budget.StartCount;
import io.github.ndocker.budget.StartCounts;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.StartsRecord;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often each image is started, which ones are pinned, and what the host has said of their
 * seconds. A start is counted in memory; {@link #flush} brings what has changed to the catalogue,
 * so that a crash loses the starts since then. Pins and seconds are there when the call returns.
 * Thread-safe.
 */
final class StartLedger {
  private static final StartCount NONE = new StartCount(0, 0);

  private final Catalogue catalogue;
  private final boolean counting;
  private final StartCounts counts;
  private final Set<ChainId> pinned = ConcurrentHashMap.newKeySet();
  private final Map<ChainId, Double> seconds = new ConcurrentHashMap<>();

  /** Rows that the catalogue has otherwise. */
  private final Set<ChainId> changed = ConcurrentHashMap.newKeySet();

  private StartLedger(Catalogue catalogue, boolean counting, StartCounts counts) {
    this.catalogue = catalogue;
    this.counting = counting;
    this.counts = counts;
  }

  /** Goes on from what the catalogue has; without a half-life it counts nothing, and forgets. */
  static StartLedger open(Catalogue catalogue, Optional<Duration> halfLife) throws IOException {
    List<StartsRecord> rows = halfLife.isPresent() ? catalogue.starts().list() : List.of();
    Map<ChainId, StartCount> before = new HashMap<>();
    rows.forEach(row -> before.put(row.image(), new StartCount(row.weight(), row.at())));
    long millis = halfLife.map(Duration::toMillis).orElse(1L);
    StartLedger ledger =
        new StartLedger(
            catalogue,
            halfLife.isPresent(),
            new StartCounts(millis, System::currentTimeMillis, before));
    for (StartsRecord row : rows) {
      if (row.pinned()) {
        ledger.pinned.add(row.image());
      }
      row.secondsSaved().ifPresent(saved -> ledger.seconds.put(row.image(), saved));
    }
    return ledger;
  }

  /** Without a medium, and without waiting for one. */
  void started(ChainId image) {
    if (counting) {
      counts.started(image);
      changed.add(image);
    }
  }

  double expected(ChainId image) {
    return counts.expected(image);
  }

  boolean isPinned(ChainId image) {
    return pinned.contains(image);
  }

  /** The pinned images at this moment. */
  Set<ChainId> pins() {
    return Set.copyOf(pinned);
  }

  /** As the host has said it. */
  OptionalDouble secondsSaved(ChainId image) {
    Double said = seconds.get(image);
    return said == null ? OptionalDouble.empty() : OptionalDouble.of(said);
  }

  /**
   * Of an image that is deployed. It is durable if this returns, also if an earlier call for the
   * same has failed. If it throws, it counts all the same, and is made durable with what changes
   * next.
   */
  synchronized void pin(ChainId image, boolean pin) throws IOException {
    // not in the middle of a flush, for which the image may not be deployed yet
    if (pin) {
      pinned.add(image);
    } else {
      pinned.remove(image);
    }
    changed.add(image);
    flush();
  }

  /** As {@link #pin}. */
  synchronized void saves(ChainId image, double saved) throws IOException {
    seconds.put(image, saved);
    changed.add(image);
    flush();
  }

  /** The last image of the chain is gone. */
  synchronized void forget(ChainId image) throws IOException {
    drop(image);
    catalogue.starts().remove(image);
  }

  private void drop(ChainId image) {
    changed.remove(image);
    counts.forget(image);
    pinned.remove(image);
    seconds.remove(image);
  }

  /** Makes all durable that has changed. */
  synchronized void flush() throws IOException {
    Set<ChainId> now = new HashSet<>(changed);
    if (now.isEmpty()) {
      return;
    }
    // before the numbers are read: what changes after that changes the row again
    changed.removeAll(now);
    boolean done = false;
    try {
      Set<ChainId> deployed = catalogue.images().chains();
      Map<ChainId, StartCount> counted = counts.snapshot();
      List<StartsRecord> rows = new ArrayList<>();
      for (ChainId image : now) {
        if (deployed.contains(image)) {
          StartCount count = counted.getOrDefault(image, NONE);
          rows.add(
              new StartsRecord(
                  image, count.weight(), count.at(), isPinned(image), secondsSaved(image)));
        } else {
          // a start that was counted just after its image was removed
          drop(image);
        }
      }
      catalogue.starts().put(rows);
      done = true;
    } finally {
      if (!done) {
        changed.addAll(now);
      }
    }
  }
}
