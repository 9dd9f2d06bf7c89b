package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LlplTierTest extends BlobTierContractTest {
  private PoolPlace place;

  @BeforeEach
  @Override
  protected void openTier() throws IOException {
    place = PoolPlace.create();
    super.openTier();
  }

  @AfterEach
  void removePool() throws IOException {
    place.close();
  }

  @Override
  protected BlobTier open() throws IOException {
    return LlplTier.open(place.pool(), CAPACITY);
  }

  @Test
  void placesBlobsAtPagesOfAPoolThatOnlyItsOwnerCanRead() throws IOException {
    for (int size : new int[] {1, 300_000, 2_000_000}) {
      Digest name = store(bytes(size, size), 0);
      assertEquals(0, tier.locate(name).get(0).offset() % 4096);
    }
    assertEquals(
        "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place.pool())));
    assertEquals(List.of("pool"), List.of(place.directory().toFile().list()));
  }

  @Test
  void offersAllOfItsBudgetAgainAfterManySizesCameAndWent() throws IOException {
    for (int round = 0; round < 200; round++) {
      tier.delete(store(bytes(round, 1 + round * 4001), round % 3 == 0 ? 0 : 1 + round * 4001));
    }
    byte[] large = bytes(1, (int) (CAPACITY - (1 << 20)));
    assertArrayEquals(large, read(store(large, large.length)));
  }

  @Test
  void refusesASecondTierOnTheSamePool() {
    assertThrows(PoolInUseException.class, this::open);
  }

  @Test
  void refusesWorkAfterClose() throws IOException {
    tier.close();
    assertThrows(IOException.class, () -> tier.write(0));
  }

  @Test
  void keepsBlobsInAPoolOnAnOrdinaryFileSystem() throws IOException {
    Path pool = directory.resolve("private").resolve("pool");
    byte[] bytes = bytes(1, 1_000_000);
    Digest name = nameOf(bytes);
    try (BlobTier onFiles = LlplTier.open(pool, 4 << 20)) {
      try (BlobTier.TierWriter writer = onFiles.write(bytes.length)) {
        writer.write(ByteBuffer.wrap(bytes));
        writer.commit(name);
      }
      try (RandomAccessFile file = new RandomAccessFile(pool.toFile(), "r")) {
        byte[] found = new byte[bytes.length];
        file.seek(onFiles.locate(name).get(0).offset());
        file.readFully(found);
        assertArrayEquals(bytes, found);
      }
    }
    assertEquals(
        "rwx------",
        PosixFilePermissions.toString(Files.getPosixFilePermissions(pool.getParent())));
  }

  @Test
  void refusesFilesThatAreNotPools() throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "not a pool");
    assertThrows(DamagedPoolException.class, () -> LlplTier.open(text, CAPACITY));
    Path noise = Files.write(directory.resolve("noise"), bytes(1, 10 << 20));
    assertThrows(DamagedPoolException.class, () -> LlplTier.open(noise, CAPACITY));
    assertThrows(DamagedPoolException.class, () -> LlplTier.open(directory, CAPACITY));
  }

  @Test
  void refusesAPoolLargerThanTheMedium() {
    assertThrows(TierFullException.class, () -> LlplTier.open(directory.resolve("huge"), 1L << 50));
    assertTrue(Files.notExists(directory.resolve("huge")));
  }

  @Test
  void offersNoMoreThanThePoolWasCreatedFor() throws IOException {
    tier.close();
    tier = LlplTier.open(place.pool(), 10 * CAPACITY);
    assertEquals(CAPACITY, tier.usage().capacityBytes());
  }
}
