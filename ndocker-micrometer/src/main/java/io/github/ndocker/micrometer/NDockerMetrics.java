package io.github.ndocker.micrometer;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;

/**
 * Counts what a store does. Make one of both tiers before they are given to the engine or store,
 * give it to that as its listener, and bind it to a registry: then or later, to several if need be;
 * what was counted before is there. Thread-safe.
 *
 * <p>Gauges by tier ({@code tier=fast} or {@code slow}): {@code ndocker.tier.used.bytes} and {@code
 * ndocker.tier.capacity.bytes}. Counters: {@code ndocker.hits} and {@code ndocker.refused} (writes
 * to a full tier) by tier; {@code ndocker.moves} and {@code ndocker.moved.bytes} by the tier they
 * went {@code to}; {@code ndocker.moves.failed} (in the background), {@code ndocker.evictions},
 * {@code ndocker.damaged} (findings, not blobs) and {@code ndocker.repairs}.
 */
public final class NDockerMetrics implements StoreListener, MeterBinder {
  private final CountsOfTier fast;
  private final CountsOfTier slow;
  private final LongAdder failedMoves = new LongAdder();
  private final LongAdder evictions = new LongAdder();
  private final LongAdder damaged = new LongAdder();
  private final LongAdder repairs = new LongAdder();

  /** What is counted for each tier. */
  private record CountsOfTier(
      BlobTier tier, LongAdder hits, LongAdder refused, LongAdder moves, LongAdder movedBytes) {
    CountsOfTier(BlobTier tier) {
      this(tier, new LongAdder(), new LongAdder(), new LongAdder(), new LongAdder());
    }
  }

  /**
   * Nothing was counted yet.
   *
   * @param fast the fast tier, asked how full it is; closed by others
   * @param slow the slow tier
   */
  public NDockerMetrics(BlobTier fast, BlobTier slow) {
    this.fast = new CountsOfTier(fast);
    this.slow = new CountsOfTier(slow);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    for (Tier role : Tier.values()) {
      CountsOfTier counts = of(role);
      Tags tier = tag("tier", role);
      Tags to = tag("to", role);
      gauge(registry, "ndocker.tier.used.bytes", tier, counts.tier(), Usage::usedBytes);
      gauge(registry, "ndocker.tier.capacity.bytes", tier, counts.tier(), Usage::capacityBytes);
      count(registry, "ndocker.hits", tier, counts.hits());
      count(registry, "ndocker.refused", tier, counts.refused());
      count(registry, "ndocker.moves", to, counts.moves());
      count(registry, "ndocker.moved.bytes", to, counts.movedBytes());
    }
    count(registry, "ndocker.moves.failed", Tags.empty(), failedMoves);
    count(registry, "ndocker.evictions", Tags.empty(), evictions);
    count(registry, "ndocker.damaged", Tags.empty(), damaged);
    count(registry, "ndocker.repairs", Tags.empty(), repairs);
  }

  private static Tags tag(String name, Tier tier) {
    return Tags.of(name, tier.name().toLowerCase(Locale.ROOT));
  }

  private static void gauge(
      MeterRegistry registry,
      String name,
      Tags tags,
      BlobTier tier,
      ToDoubleFunction<Usage> value) {
    Gauge.builder(name, tier, asked -> value.applyAsDouble(asked.usage()))
        .tags(tags)
        .register(registry);
  }

  private static void count(MeterRegistry registry, String name, Tags tags, LongAdder count) {
    FunctionCounter.builder(name, count, LongAdder::doubleValue).tags(tags).register(registry);
  }

  private CountsOfTier of(Tier tier) {
    return tier == Tier.FAST ? fast : slow;
  }

  @Override
  public void moved(Digest blob, Tier from, Tier to, long bytes) {
    of(to).moves().increment();
    of(to).movedBytes().add(bytes);
  }

  @Override
  public void moveFailed(Digest blob, Tier to, IOException reason) {
    failedMoves.increment();
  }

  @Override
  public void hit(Digest blob, Tier tier, long bytes) {
    of(tier).hits().increment();
  }

  @Override
  public void refused(Tier tier, TierFullException reason) {
    of(tier).refused().increment();
  }

  @Override
  public void evicted(Digest blob, long bytes) {
    evictions.increment();
  }

  @Override
  public void damaged(Digest blob, IOException reason) {
    damaged.increment();
  }

  @Override
  public void repaired(Digest blob) {
    repairs.increment();
  }
}
