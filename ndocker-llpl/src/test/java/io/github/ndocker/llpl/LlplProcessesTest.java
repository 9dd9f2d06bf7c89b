package io.github.ndocker.llpl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LlplProcessesTest {
  private PoolPlace place;

  @BeforeEach
  void createPlace() throws IOException {
    place = PoolPlace.create();
  }

  @AfterEach
  void removePlace() throws IOException {
    place.close();
  }

  @Test
  void refusesAPoolThatAnotherProcessHasOpen() throws Exception {
    Process owner = PoolProcess.start(place.pool(), "hold");
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), UTF_8))) {
      assertEquals("open", said.readLine());
      assertThrows(
          PoolInUseException.class, () -> LlplTier.open(place.pool(), PoolProcess.CAPACITY));
    } finally {
      owner.destroyForcibly().waitFor();
    }
    // the kernel lets go of a killed process's pool
    LlplTier.open(place.pool(), PoolProcess.CAPACITY).close();
  }

  @Test
  void findsABlobThatAnotherProcessStored() throws Exception {
    assertTrue(outputOf(PoolProcess.start(place.pool(), "store")).startsWith("stored "));
    try (LlplTier tier = LlplTier.open(place.pool(), PoolProcess.CAPACITY)) {
      assertEquals(Map.of(PoolProcess.NAME, (long) PoolProcess.BLOB.length), tier.blobs());
      try (BlobReader reader = tier.read(PoolProcess.NAME)) {
        ByteBuffer bytes = ByteBuffer.allocate(PoolProcess.BLOB.length);
        reader.read(bytes, 0);
        assertArrayEquals(PoolProcess.BLOB, bytes.array());
      }
    }
  }

  @Test
  void keepsNothingOfWhatAProcessWasWritingWhenItDied() throws Exception {
    String stored = outputOf(PoolProcess.start(place.pool(), "store")).strip();
    long used = Long.parseLong(stored.substring("stored ".length()));
    for (int death = 0; death < 3; death++) {
      String half = outputOf(PoolProcess.start(place.pool(), "die")).strip();
      assertTrue(Long.parseLong(half.substring("half-written ".length())) >= used + 5_000_000);
    }
    try (LlplTier tier = LlplTier.open(place.pool(), PoolProcess.CAPACITY)) {
      assertEquals(Map.of(PoolProcess.NAME, (long) PoolProcess.BLOB.length), tier.blobs());
      assertEquals(used, tier.usage().usedBytes());
      // and the heap itself has the room, not only the count
      tier.write(PoolProcess.CAPACITY - used - (1 << 20)).close();
    }
  }

  @Test
  void refusesAPoolWhoseDirectoryPointsWhereItCannot() throws Exception {
    outputOf(PoolProcess.start(place.pool(), "store"));
    try (RandomAccessFile pool = new RandomAccessFile(place.pool().toFile(), "rw")) {
      long slot = slotIn(pool);
      for (int field : new int[] {0, 8, 16, 24}) {
        pool.seek(slot + field);
        long right = pool.readLong();
        for (long wrong : new long[] {-1, Long.MAX_VALUE, Long.MAX_VALUE - 8, pool.length()}) {
          pool.seek(slot + field);
          pool.writeLong(Long.reverseBytes(wrong));
          assertThrows(
              DamagedPoolException.class,
              () -> LlplTier.open(place.pool(), PoolProcess.CAPACITY),
              "field " + field + " is " + wrong);
        }
        pool.seek(slot + field);
        pool.writeLong(right);
      }
    }
    try (LlplTier tier = LlplTier.open(place.pool(), PoolProcess.CAPACITY)) {
      assertEquals(Map.of(PoolProcess.NAME, (long) PoolProcess.BLOB.length), tier.blobs());
    }
  }

  /** Where the slot of the stored blob begins: its digest is there once, in the last half of it. */
  private static long slotIn(RandomAccessFile pool) throws IOException {
    byte[] bytes = new byte[(int) pool.length()];
    pool.readFully(bytes);
    byte[] digest = HexFormat.of().parseHex(PoolProcess.NAME.hex());
    for (int at = 32; at <= bytes.length - digest.length; at += 8) {
      // a transaction's log may hold it too, but not behind a length
      if (Arrays.equals(bytes, at, at + digest.length, digest, 0, digest.length)
          && ByteBuffer.wrap(bytes, at - 8, 8).order(ByteOrder.LITTLE_ENDIAN).getLong()
              == PoolProcess.BLOB.length) {
        return at - 32L;
      }
    }
    throw new AssertionError("no slot");
  }

  @Test
  void namesThePackagesWhenAHostLibraryIsMissing(@TempDir Path empty) throws Exception {
    // found first, and no library
    Files.createFile(empty.resolve("libpmemobj.so.1"));
    String said =
        outputOf(PoolProcess.start(place.pool(), "hold", "LD_LIBRARY_PATH", empty.toString()));
    assertTrue(said.startsWith("PersistentMemoryUnavailableException"), said);
    assertTrue(said.contains("libpmem1 libpmemobj1 libpmempool1"), said);
    assertTrue(said.contains("file tier"), said);
  }

  private static String outputOf(Process process) throws Exception {
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    process.waitFor();
    return output;
  }
}
