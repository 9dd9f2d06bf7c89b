package io.github.ndocker.jmh;

import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Indexing a layer of 12,000 files while it streams through memory. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class LayerIndexBenchmark {
  private static final int FILES = 12_000;
  private static final int FILE_BYTES = 2_000;
  private static final int CHUNK = 1 << 20;

  private byte[] tar = new byte[0];

  /** The state fields of a benchmark. */
  public LayerIndexBenchmark() {}

  /**
   * Makes the layer.
   *
   * @throws IOException never
   */
  @Setup
  public void makeLayer() throws IOException {
    tar = SyntheticLayer.tar(FILES, FILE_BYTES);
  }

  /**
   * Reads the layer in the pieces that the engine reads.
   *
   * @return its index
   * @throws IOException never
   */
  @Benchmark
  public LayerIndex index() throws IOException {
    LayerIndexer indexer = new LayerIndexer();
    for (int from = 0; from < tar.length; from += CHUNK) {
      indexer.update(tar, from, Math.min(CHUNK, tar.length - from));
    }
    return indexer.finish();
  }
}
