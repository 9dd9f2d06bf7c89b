package io.github.ndocker.jmh;

import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.Leases;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Moving a blob of 64 MiB between a fast tier and a slow one of files: reading it, hashing it,
 * writing it until it is durable, deleting the original. Beside it belong the writes of {@link
 * TierReferenceBenchmark}, which do not hash, and the hash of {@link StreamBenchmark}, which is of
 * a quarter of the bytes.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TierMoveBenchmark {
  /** What the fast tier is made of. */
  @Param({"file", "llpl"})
  public String tier = "";

  /** Where to. */
  @Param({"FAST", "SLOW"})
  public Tier target = Tier.FAST;

  private Optional<Opened> opened = Optional.empty();

  /** What is open while the benchmark runs; the store closes the tiers. */
  private record Opened(
      TierUnderTest fast,
      TierUnderTest slow,
      ScratchDirectory state,
      Catalogue catalogue,
      TwoTierStore store,
      Digest blob) {}

  /** The state fields of a benchmark. */
  public TierMoveBenchmark() {}

  /**
   * Opens a store over two tiers and stores the blob.
   *
   * @throws IOException if a tier has no room or its libraries are missing
   */
  @Setup
  public void openStore() throws IOException {
    TierUnderTest fast = TierUnderTest.open(tier);
    TierUnderTest slow = TierUnderTest.open("file");
    ScratchDirectory state = ScratchDirectory.create();
    Catalogue catalogue = Catalogue.open(state.path());
    TwoTierStore store =
        TwoTierStore.open(fast.tier(), slow.tier(), Leases.open(catalogue), catalogue);
    byte[] bytes = SyntheticLayer.incompressible(TierUnderTest.BLOB_BYTES);
    try (BlobWriter writer = store.write(Tier.SLOW, bytes.length)) {
      writer.write(ByteBuffer.wrap(bytes));
      opened = Optional.of(new Opened(fast, slow, state, catalogue, store, writer.commit()));
    }
  }

  /**
   * Closes the store and removes it.
   *
   * @throws IOException if it cannot be removed
   */
  @TearDown
  public void closeStore() throws IOException {
    Opened open = opened.orElseThrow();
    open.store().close();
    open.catalogue().close();
    open.state().close();
    open.fast().close();
    open.slow().close();
  }

  /**
   * Moves the blob back; uncounted.
   *
   * @throws IOException if a medium fails
   */
  @Setup(Level.Invocation)
  public void moveBack() throws IOException {
    Opened open = opened.orElseThrow();
    open.store().move(open.blob(), target == Tier.FAST ? Tier.SLOW : Tier.FAST);
  }

  /**
   * Moves the blob.
   *
   * @throws IOException if a medium fails
   */
  @Benchmark
  public void move() throws IOException {
    Opened open = opened.orElseThrow();
    open.store().move(open.blob(), target);
  }
}
