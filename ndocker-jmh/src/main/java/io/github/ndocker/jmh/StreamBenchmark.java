package io.github.ndocker.jmh;

import io.github.ndocker.layer.LayerStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What every byte of a layer goes through: 16 MiB hashed, and 16 MiB inflated. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
public class StreamBenchmark {
  private static final int BYTES = 16 << 20;
  private static final int CHUNK = 1 << 20;

  private final byte[] buffer = new byte[CHUNK];
  private byte[] plain = new byte[0];
  private byte[] compressed = new byte[0];

  /** The state fields of a benchmark. */
  public StreamBenchmark() {}

  /**
   * Makes the bytes.
   *
   * @throws IOException never
   */
  @Setup
  public void makeBytes() throws IOException {
    plain = SyntheticLayer.compressible(BYTES);
    compressed = SyntheticLayer.gzip(plain);
  }

  /**
   * Hashes.
   *
   * @return the digest
   * @throws NoSuchAlgorithmException never: every Java platform has SHA-256
   */
  @Benchmark
  public byte[] sha256() throws NoSuchAlgorithmException {
    return MessageDigest.getInstance("SHA-256").digest(plain);
  }

  /**
   * Inflates.
   *
   * @return the number of bytes that came out
   * @throws IOException never
   */
  @Benchmark
  public long inflate() throws IOException {
    long bytes = 0;
    try (InputStream layer = LayerStream.open(new ByteArrayInputStream(compressed))) {
      for (int n = layer.read(buffer); n >= 0; n = layer.read(buffer)) {
        bytes += n;
      }
    }
    return bytes;
  }
}
