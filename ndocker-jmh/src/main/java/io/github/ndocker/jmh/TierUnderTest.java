package io.github.ndocker.jmh;

import io.github.ndocker.api.Digest;
import io.github.ndocker.llpl.LlplTier;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import io.github.ndocker.store.FileTier;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A tier in a directory of its own, both of which go when it is closed.
 *
 * <p>{@code file} is a directory where the JVM puts temporary files, {@code llpl} pools in {@code
 * /dev/shm} if that can be written to; the system properties {@code ndocker.benchmark.file} and
 * {@code ndocker.benchmark.llpl} name directories on other media. An LLPL heap stays mapped until
 * the JVM exits; JMH starts one for every benchmark and tier.
 *
 * @param scratch the directory
 * @param tier the tier
 */
record TierUnderTest(ScratchDirectory scratch, BlobTier tier) implements Closeable {
  /** The blob that is written, read and moved. */
  static final int BLOB_BYTES = 64 << 20;

  /** How much is read or written at a time, as the engine does. */
  static final int CHUNK = 1 << 20;

  // two blobs that are stored, and one that is written
  private static final long CAPACITY = 4L * BLOB_BYTES;
  private static final String PROPERTY = "ndocker.benchmark.";
  private static final Path MEMORY = Path.of("/dev/shm");

  /** Opens an empty tier: {@code file} or {@code llpl}. */
  static TierUnderTest open(String kind) throws IOException {
    ScratchDirectory scratch = directoryFor(kind);
    BlobTier tier =
        switch (kind) {
          case "file" -> FileTier.open(scratch.path().resolve("blobs"), CAPACITY);
          case "llpl" -> LlplTier.open(scratch.path().resolve("pools"), CAPACITY);
          default -> throw new IllegalArgumentException("not a tier: '" + kind + "'; file or llpl");
        };
    return new TierUnderTest(scratch, tier);
  }

  /** A new directory on the medium of such a tier. */
  static ScratchDirectory directoryFor(String kind) throws IOException {
    String chosen = System.getProperty(PROPERTY + kind, "");
    if (!chosen.isEmpty()) {
      return ScratchDirectory.createIn(Path.of(chosen));
    }
    return kind.equals("llpl") && Files.isWritable(MEMORY)
        ? ScratchDirectory.createIn(MEMORY)
        : ScratchDirectory.create();
  }

  /** Writes a blob, a chunk at a time, and commits it. */
  void store(byte[] blob, Digest name) throws IOException {
    try (TierWriter writer = tier.write(blob.length)) {
      for (int from = 0; from < blob.length; from += CHUNK) {
        writer.write(ByteBuffer.wrap(blob, from, CHUNK));
      }
      writer.commit(name);
    }
  }

  @Override
  public void close() throws IOException {
    try (scratch) {
      tier.close();
    }
  }
}
