package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.linux.OpenFiles;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** Written behind, a tier keeps its promises. */
class WriteBehindTierTest extends BlobTierContractTest {
  private static final long MEMORY = 2L << 20;

  @Override
  protected BlobTier open() throws IOException {
    return new WriteBehindTier(FileTier.open(directory.resolve("tier"), CAPACITY), MEMORY);
  }

  private WriteBehindTier behind() {
    return (WriteBehindTier) tier;
  }

  @Test
  void nothingIsBehindWhenABlobIsCommitted() throws IOException {
    Digest name = store(bytes(1, 20 << 20), 0);
    assertEquals(0, behind().backlogBytes());
    assertArrayEquals(bytes(1, 20 << 20), read(name));
  }

  @Test
  void theTierHearsOfMounts() throws IOException {
    Digest name = store(bytes(1, 10), 10);
    tier.mounted(name);
    assertEquals(
        1, OpenFiles.below(directory).stream().filter(file -> file.endsWith(name.hex())).count());
  }

  @Test
  void theRateIsThatOfAMediumThatIsBehind() throws IOException {
    long since = System.nanoTime();
    try (WriteBehind slow = new WriteBehind(8L << 20);
        WriteBehindWriter writer = new WriteBehindWriter(slow, new SlowWriter())) {
      assertEquals(0, slow.bytesPerSecond());
      writer.write(ByteBuffer.wrap(bytes(1, 64 << 20)));
      double rate = slow.bytesPerSecond();
      // at least 50 ms for each 8 MiB, and no longer than all of it took
      assertTrue(rate > (8 << 20) / ((System.nanoTime() - since) / 1e9), rate + " bytes/s");
      assertTrue(rate < (8 << 20) / 0.050, rate + " bytes/s");
    }
  }

  /** Makes nothing durable in less than 50 ms. */
  private static final class SlowWriter implements TierWriter {
    @Override
    public void write(ByteBuffer source) {
      source.position(source.limit());
    }

    @Override
    public void force() {
      LockSupport.parkNanos(50_000_000);
    }

    @Override
    public void commit(Digest name) {}

    @Override
    public void close() {}
  }

  @Test
  void nothingIsBehindOfABlobThatIsDiscarded() throws IOException {
    try (TierWriter writer = tier.write(0)) {
      writer.write(ByteBuffer.wrap(bytes(1, 3 << 20)));
    }
    assertEquals(0, behind().backlogBytes());
    assertEquals(0, tier.usage().usedBytes());
    // and its memory is there for others
    store(bytes(2, 5 << 20), 0);
  }

  @Test
  void whatTheMediumRefusesIsSaidLater() throws IOException {
    byte[] tooMuch = bytes(1, (int) CAPACITY + 1);
    try (TierWriter writer = tier.write(0)) {
      assertThrows(
          TierFullException.class,
          () -> {
            writer.write(ByteBuffer.wrap(tooMuch));
            writer.commit(nameOf(tooMuch));
          });
    }
    assertEquals(Map.of(), tier.blobs());
    assertEquals(0, behind().backlogBytes());
    assertEquals(0, tier.usage().usedBytes());
  }

  @Test
  void manyWritersShareTheMemory() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<Digest>> written = new ArrayList<>();
      for (int blob = 0; blob < 12; blob++) {
        byte[] bytes = bytes(blob, 1_500_000 + blob);
        int seed = blob;
        written.add(threads.submit(() -> storeInPieces(bytes, new Random(seed))));
      }
      for (int blob = 0; blob < 12; blob++) {
        assertArrayEquals(bytes(blob, 1_500_000 + blob), read(written.get(blob).get()));
      }
      assertEquals(0, behind().backlogBytes());
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void nobodyWritesToAClosedTier() throws IOException {
    try (TierWriter writer = tier.write(0)) {
      writer.write(ByteBuffer.wrap(bytes(1, 100)));
      tier.close();
      assertThrows(IOException.class, () -> writer.write(ByteBuffer.wrap(bytes(1, 100))));
    }
  }

  @Test
  void memoryForNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new WriteBehindTier(tier, 1000));
  }

  private Digest storeInPieces(byte[] bytes, Random random) throws IOException {
    Digest name = nameOf(bytes);
    try (TierWriter writer = tier.write(0)) {
      int from = 0;
      while (from < bytes.length) {
        int count = Math.min(bytes.length - from, random.nextInt(700_000));
        writer.write(ByteBuffer.wrap(bytes, from, count));
        from += count;
      }
      writer.commit(name);
    }
    return name;
  }
}
