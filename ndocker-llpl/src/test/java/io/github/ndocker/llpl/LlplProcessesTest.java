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
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
  void refusesATierThatAnotherProcessHasOpen() throws Exception {
    Process owner = PoolProcess.start(place.tier(), "hold");
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), UTF_8))) {
      assertEquals("open", said.readLine());
      assertThrows(
          PoolInUseException.class, () -> LlplTier.open(place.tier(), PoolProcess.CAPACITY));
    } finally {
      owner.destroyForcibly().waitFor();
    }
    // the kernel lets go of a killed process's pool
    LlplTier.open(place.tier(), PoolProcess.CAPACITY).close();
  }

  @Test
  void leavesAPoolAloneThatAnotherProcessHasMappedThoughNobodyHasTheLock() throws Exception {
    Process owner = PoolProcess.start(place.tier(), "hold");
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(owner.getInputStream(), UTF_8))) {
      assertEquals("open", said.readLine());
      Files.delete(place.tier().resolve("lock"));
      assertThrows(
          PoolInUseException.class, () -> LlplTier.open(place.tier(), PoolProcess.CAPACITY));
      assertEquals(List.of("lock", "pool-1"), place.files());
    } finally {
      owner.destroyForcibly().waitFor();
    }
  }

  @Test
  void findsABlobThatAnotherProcessStored() throws Exception {
    assertTrue(
        PoolProcess.outputOf(PoolProcess.start(place.tier(), "store")).startsWith("stored "));
    try (LlplTier tier = LlplTier.open(place.tier(), PoolProcess.CAPACITY)) {
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
    String stored = PoolProcess.outputOf(PoolProcess.start(place.tier(), "store"));
    long used = Long.parseLong(stored.substring("stored ".length()));
    for (int death = 0; death < 3; death++) {
      String half = PoolProcess.outputOf(PoolProcess.start(place.tier(), "die"));
      assertTrue(Long.parseLong(half.substring("half-written ".length())) >= used + 5_000_000);
    }
    try (LlplTier tier = LlplTier.open(place.tier(), PoolProcess.CAPACITY)) {
      assertEquals(Map.of(PoolProcess.NAME, (long) PoolProcess.BLOB.length), tier.blobs());
      assertEquals(used, tier.usage().usedBytes());
      // and the heap itself has the room, not only the count
      tier.write(PoolProcess.CAPACITY - used).close();
    }
  }

  @Test
  void namesThePackagesWhenAHostLibraryIsMissing(@TempDir Path empty) throws Exception {
    // found first, and no library
    Files.createFile(empty.resolve("libpmemobj.so.1"));
    String said =
        PoolProcess.outputOf(
            PoolProcess.start(place.tier(), "hold", "LD_LIBRARY_PATH", empty.toString()));
    assertTrue(said.startsWith("PersistentMemoryUnavailableException"), said);
    assertTrue(said.contains("libpmem1 libpmemobj1 libpmempool1"), said);
    assertTrue(said.contains("file tier"), said);
  }
}
