package io.github.ndocker.jmh;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.Digest;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.Leases;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/** Asking the store where a blob is, among few and among many; half of them on each tier. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class LookUpBenchmark {
  private static final int DIGEST_BYTES = 32;

  /** How many blobs the store holds. */
  @Param({"10", "10000", "1000000"})
  public int blobs;

  private List<Digest> names = List.of();
  private Optional<Opened> opened = Optional.empty();
  private int next;

  /** What is open while the benchmark runs. */
  private record Opened(ScratchDirectory directory, Catalogue catalogue, TwoTierStore store) {}

  /** The state fields of a benchmark. */
  public LookUpBenchmark() {}

  /**
   * Opens a store over two tiers that know the names.
   *
   * @throws IOException if there is no room for temporary files
   */
  @Setup(Level.Trial)
  public void openStore() throws IOException {
    List<Digest> all = new ArrayList<>();
    Map<Digest, Long> fast = new HashMap<>();
    Map<Digest, Long> slow = new HashMap<>();
    for (int blob = 0; blob < blobs; blob++) {
      Digest name = Digest.sha256(ByteBuffer.allocate(DIGEST_BYTES).putInt(0, blob).array());
      all.add(name);
      (blob % 2 == 0 ? fast : slow).put(name, 1L);
    }
    names = List.copyOf(all);
    ScratchDirectory directory = ScratchDirectory.create();
    Catalogue catalogue = Catalogue.open(directory.path());
    TwoTierStore store =
        TwoTierStore.open(
            new NamedBlobs(fast), new NamedBlobs(slow), Leases.open(catalogue), catalogue);
    opened = Optional.of(new Opened(directory, catalogue, store));
  }

  /**
   * Closes the store and removes its files.
   *
   * @throws IOException if they cannot be removed
   */
  @TearDown(Level.Trial)
  public void closeStore() throws IOException {
    Opened open = opened.orElseThrow();
    open.store().close();
    open.catalogue().close();
    open.directory().close();
  }

  /**
   * One look-up, each time of another blob.
   *
   * @return where it is
   */
  @Benchmark
  public Optional<BlobLocation> locate() {
    next = next + 1 < blobs ? next + 1 : 0;
    return opened.orElseThrow().store().locate(names.get(next));
  }
}
