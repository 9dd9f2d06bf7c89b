package io.github.ndocker.jmh;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
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
 * Writing a blob of 64 MiB to a tier until it is durable, and reading it, 1 MiB at a time. A tier
 * does not hash; {@link StreamBenchmark} does. {@link TierReferenceBenchmark} is what this is
 * compared with.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TierBenchmark {
  // tiers believe the name they are given
  private static final Digest STORED = Digest.sha256(new byte[32]);
  private static final Digest WRITTEN = Digest.sha256(ByteBuffer.allocate(32).putInt(0, 1).array());

  /** What the tier is made of. */
  @Param({"file", "llpl"})
  public String tier = "";

  private final byte[] blob = SyntheticLayer.incompressible(TierUnderTest.BLOB_BYTES);
  private final ByteBuffer chunk = ByteBuffer.allocate(TierUnderTest.CHUNK);
  private Optional<TierUnderTest> opened = Optional.empty();

  /** The state fields of a benchmark. */
  public TierBenchmark() {}

  /**
   * Opens the tier and stores the blob that is read.
   *
   * @throws IOException if the tier has no room or its libraries are missing
   */
  @Setup
  public void openTier() throws IOException {
    TierUnderTest underTest = TierUnderTest.open(tier);
    opened = Optional.of(underTest);
    underTest.store(blob, STORED);
  }

  /**
   * Closes the tier and removes it.
   *
   * @throws IOException if it cannot be removed
   */
  @TearDown
  public void closeTier() throws IOException {
    opened.orElseThrow().close();
  }

  /**
   * Makes the next write one of a blob that the tier does not hold; uncounted.
   *
   * @throws IOException if the medium fails
   */
  @TearDown(Level.Invocation)
  public void forgetWritten() throws IOException {
    opened.orElseThrow().tier().delete(WRITTEN);
  }

  /**
   * Writes and commits.
   *
   * @throws IOException if the medium fails
   */
  @Benchmark
  public void write() throws IOException {
    opened.orElseThrow().store(blob, WRITTEN);
  }

  /**
   * Opens and reads front to back; from the page cache, which has held the blob since it was
   * written, or from the pool.
   *
   * @return the bytes read
   * @throws IOException if the medium fails
   */
  @Benchmark
  public long read() throws IOException {
    try (BlobReader reader = opened.orElseThrow().tier().read(STORED)) {
      long position = 0;
      while (position < reader.size()) {
        position += reader.read(chunk.clear(), position);
      }
      return position;
    }
  }
}
