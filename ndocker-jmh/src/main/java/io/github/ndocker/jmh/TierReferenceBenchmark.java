package io.github.ndocker.jmh;

import io.github.ndocker.api.Digest;
import io.github.ndocker.spi.BlobTier.Extent;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
 * What the system itself needs for the blob of {@link TierBenchmark} on the file system of the same
 * tier: {@code dd} in the same pieces, and plain copies into and out of a mapped file. For LLPL
 * that is the pool itself, where a blob of the tier lies.
 *
 * <p>{@code dd} takes what it writes from the page cache, and starts as a process (about a
 * millisecond), which flatters the tiers. It forces no directory, which flatters {@code dd}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class TierReferenceBenchmark {
  // tiers believe the name they are given
  private static final Digest STORED = Digest.sha256(new byte[32]);

  private static final HostProgram DD = new HostProgram("dd", "coreutils");

  /** The tier whose file system this is on. */
  @Param({"file", "llpl"})
  public String tier = "";

  private final byte[] blob = SyntheticLayer.incompressible(TierUnderTest.BLOB_BYTES);
  private final byte[] chunk = new byte[TierUnderTest.CHUNK];
  private Optional<Opened> opened = Optional.empty();

  /** What is open while the benchmark runs. */
  private record Opened(TierUnderTest tier, Path source, Path target, MappedByteBuffer mapped) {}

  /** The state fields of a benchmark. */
  public TierReferenceBenchmark() {}

  /**
   * Makes the files.
   *
   * @throws IOException if there is no room for them or {@code dd} is missing
   */
  @Setup
  public void makeFiles() throws IOException {
    DD.required();
    TierUnderTest underTest = TierUnderTest.open(tier);
    Path source = Files.write(underTest.scratch().path().resolve("source"), blob);
    Path target = Files.write(underTest.scratch().path().resolve("target"), blob);
    underTest.store(blob, STORED);
    Extent extent = underTest.tier().locate(STORED).get(0);
    if (extent.length() != blob.length) {
      throw new IOException("the blob is not in one piece");
    }
    // a blob of a file tier is read-only
    extent.file().toFile().setWritable(true);
    try (FileChannel channel =
        FileChannel.open(extent.file(), StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      channel.force(true);
      MappedByteBuffer mapped = channel.map(MapMode.READ_WRITE, extent.offset(), extent.length());
      opened = Optional.of(new Opened(underTest, source, target, mapped));
    }
  }

  /**
   * Removes the files.
   *
   * @throws IOException if they cannot be removed
   */
  @TearDown
  public void removeFiles() throws IOException {
    opened.orElseThrow().tier().close();
  }

  /**
   * A blob on the file tier is a new file, one in a pool takes space that is there already; so the
   * target of {@code dd} is removed for the one and stays for the other. Uncounted.
   *
   * @throws IOException if it cannot be removed
   */
  @Setup(Level.Invocation)
  public void prepareTarget() throws IOException {
    if (tier.equals("file")) {
      Files.deleteIfExists(opened.orElseThrow().target());
    }
  }

  /**
   * {@code dd} from the page cache to a forced file.
   *
   * @throws IOException if {@code dd} fails
   */
  @Benchmark
  public void ddWrite() throws IOException {
    Opened open = opened.orElseThrow();
    DD.run(
        "if=" + open.source(),
        "of=" + open.target(),
        "bs=" + TierUnderTest.CHUNK,
        "conv=notrunc,fsync",
        "status=none");
  }

  /**
   * {@code dd} from the page cache to nowhere.
   *
   * @throws IOException if {@code dd} fails
   */
  @Benchmark
  public void ddRead() throws IOException {
    DD.run(
        "if=" + opened.orElseThrow().source(),
        "of=/dev/null",
        "bs=" + TierUnderTest.CHUNK,
        "status=none");
  }

  /** Copies memory into the mapped file and forces that, which costs nothing in memory. */
  @Benchmark
  public void mappedWrite() {
    MappedByteBuffer mapped = opened.orElseThrow().mapped();
    for (int from = 0; from < blob.length; from += chunk.length) {
      mapped.put(from, blob, from, chunk.length);
    }
    mapped.force();
  }

  /**
   * Copies the mapped file into memory, always the same MiB of it.
   *
   * @return that memory
   */
  @Benchmark
  public byte[] mappedRead() {
    MappedByteBuffer mapped = opened.orElseThrow().mapped();
    for (int from = 0; from < blob.length; from += chunk.length) {
      mapped.get(from, chunk, 0, chunk.length);
    }
    return chunk;
  }
}
