package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTier.Extent;
import io.github.ndocker.spi.BlobTier.TierWriter;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LlplTierTest extends BlobTierContractTest {
  private static final int PAGE = 4096;

  private PoolPlace place;

  @BeforeEach
  @Override
  protected void openTier() throws IOException {
    place = PoolPlace.create();
    super.openTier();
  }

  @AfterEach
  void removePools() throws IOException {
    tier.close();
    place.close();
  }

  @Override
  protected BlobTier open() throws IOException {
    return LlplTier.open(place.tier(), CAPACITY);
  }

  @Test
  void placesBlobsAtPagesOfAPoolThatOnlyItsOwnerCanRead() throws IOException {
    for (int size : new int[] {1, 300_000, 2_000_000}) {
      List<Extent> extents = tier.locate(store(bytes(size, size), 0));
      assertEquals(1, extents.size());
      assertEquals(0, extents.get(0).offset() % PAGE);
      assertEquals(place.pool(), extents.get(0).file());
    }
    assertEquals(
        "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(place.tier())));
    assertEquals(List.of("lock", "pool-1"), place.files());
    tier.close();
    assertEquals(List.of("lock", "pool-1", "pool-1.closed"), place.files());
    for (String file : place.files()) {
      assertEquals(
          "rw-------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(place.tier().resolve(file))));
    }
  }

  @Test
  void countsTheWholePagesOfABlob() throws IOException {
    store(bytes(1, 1), 0);
    store(bytes(2, PAGE), 9_000_000);
    store(bytes(3, PAGE + 1), 1);
    assertEquals(4 * PAGE, tier.usage().usedBytes());
    store(new byte[0], 0);
    assertEquals(4 * PAGE, tier.usage().usedBytes());
  }

  @Test
  void offersAllOfItsBudgetToOneBlobAfterManySizesCameAndWent() throws IOException {
    for (int round = 0; round < 200; round++) {
      tier.delete(store(bytes(round, 1 + round * 4001), round % 3 == 0 ? 0 : 1 + round * 4001));
    }
    byte[] whole = bytes(1, (int) CAPACITY);
    Digest name = store(whole, whole.length);
    assertArrayEquals(whole, read(name));
    assertEquals(1, tier.locate(name).size());
    TierFullException full = assertThrows(TierFullException.class, () -> tier.write(1));
    assertEquals(1, full.neededBytes());
    assertEquals(0, full.freeBytes());
  }

  @Test
  void deletesManyBlobsTogether() throws IOException {
    Set<Digest> names = new HashSet<>();
    for (int i = 0; i < 50; i++) {
      names.add(store(bytes(i, 100 + i), 0));
    }
    Digest kept = store(bytes(99, 1000), 0);
    names.add(nameOf(new byte[1]));
    tier.deleteAll(names);
    assertEquals(Set.of(kept), tier.blobs().keySet());
    assertEquals(PAGE, tier.usage().usedBytes());
    tier.close();
    tier = open();
    assertEquals(Set.of(kept), tier.blobs().keySet());
  }

  @Test
  void storesABlobInPiecesWhereThereIsNoRoomInOne() throws IOException {
    List<Digest> names = new ArrayList<>();
    int size = 1 << 20;
    for (int i = 0; i < CAPACITY / size; i++) {
      names.add(store(bytes(i, size), size));
    }
    for (int i = 0; i < names.size(); i += 2) {
      tier.delete(names.get(i));
    }
    byte[] scattered = bytes(99, 5 * size + 1);
    for (long guess : new long[] {0, scattered.length, CAPACITY / 4}) {
      Digest name = store(scattered, guess);
      List<Extent> extents = tier.locate(name);
      assertEquals(6, extents.size(), "guessed " + guess);
      for (Extent extent : extents.subList(0, extents.size() - 1)) {
        assertEquals(0, extent.length() % PAGE);
      }
      assertArrayEquals(scattered, read(name));
      assertArrayEquals(scattered, onFile(name));
      try (BlobReader reader = tier.read(name)) {
        for (int from : new int[] {0, size - 1, size, 2 * size - 5, 5 * size}) {
          ByteBuffer some = ByteBuffer.allocate(Math.min(10, scattered.length - from));
          assertEquals(some.capacity(), reader.read(some, from));
          assertEquals(ByteBuffer.wrap(scattered, from, some.capacity()), some.flip());
        }
      }
      tier.close();
      tier = open();
      assertEquals(extents, tier.locate(name));
      tier.delete(name);
    }
    assertEquals((CAPACITY / size) / 2 * size, tier.usage().usedBytes());
  }

  @Test
  void storesABlobInAThousandPieces() throws IOException {
    int size = 2 * PAGE;
    Set<Digest> others = new HashSet<>();
    for (int i = 0; i < CAPACITY / size; i++) {
      Digest name = store(ByteBuffer.allocate(size).putInt(0, i).array(), size);
      if (i % 2 == 0) {
        others.add(name);
      }
    }
    tier.deleteAll(others);
    byte[] scattered = bytes(1, (int) CAPACITY / 2);
    Digest name = store(scattered, scattered.length);
    assertTrue(tier.locate(name).size() >= 1000);
    assertArrayEquals(scattered, read(name));
    tier.close();
    tier = open();
    assertArrayEquals(scattered, onFile(name));
    tier.delete(name);
    assertEquals(CAPACITY / 2, tier.usage().usedBytes());
  }

  @Test
  void keepsBlobsOfUnknownSizeWholeThoughTheyAreWrittenTogether() throws IOException {
    byte[] first = bytes(1, 6 << 20);
    byte[] second = bytes(2, 6 << 20);
    byte[] known = bytes(3, 1 << 20);
    try (TierWriter one = tier.write(0);
        TierWriter other = tier.write(0)) {
      for (int from = 0; from < first.length; from += 1 << 16) {
        one.write(ByteBuffer.wrap(first, from, 1 << 16));
        other.write(ByteBuffer.wrap(second, from, 1 << 16));
        if (from == 1 << 20) {
          store(known, known.length);
        }
      }
      one.commit(nameOf(first));
      other.commit(nameOf(second));
    }
    for (byte[] blob : List.of(first, second, known)) {
      assertEquals(1, tier.locate(nameOf(blob)).size());
      assertArrayEquals(blob, onFile(nameOf(blob)));
    }
  }

  @Test
  void spreadsALargeBlobOverTheArenasOfAPool() throws IOException {
    tier.close();
    try (PoolPlace other = PoolPlace.create();
        BlobTier small = LlplTier.open(other.tier(), CAPACITY, 512)) {
      tier = small;
      byte[] large = bytes(5, (int) CAPACITY);
      Digest name = store(large, large.length);
      assertTrue(tier.locate(name).size() >= CAPACITY / PAGE / 512);
      assertArrayEquals(large, onFile(name));
      assertArrayEquals(large, read(name));
      tier.delete(name);
      byte[] again = bytes(6, large.length);
      assertArrayEquals(again, onFile(store(again, again.length)));
    }
  }

  @Test
  void refusesASecondTierInTheSameDirectory() {
    assertThrows(PoolInUseException.class, this::open);
  }

  @Test
  void refusesWorkAfterClose() throws IOException {
    Digest name = store(new byte[1], 0);
    tier.close();
    assertThrows(IOException.class, () -> tier.write(0));
    assertThrows(IOException.class, () -> tier.read(name));
    assertThrows(IOException.class, () -> tier.delete(name));
    assertThrows(IOException.class, () -> tier.rename(name, nameOf(new byte[2])));
  }

  @Test
  void keepsBlobsInAPoolOnAnOrdinaryFileSystem() throws IOException {
    Path pools = directory.resolve("private").resolve("pools");
    byte[] bytes = bytes(1, 1_000_000);
    Digest name = nameOf(bytes);
    BlobTier inMemory = tier;
    try (BlobTier onFiles = LlplTier.open(pools, 4 << 20)) {
      tier = onFiles;
      assertTrue(onFiles.description().medium().endsWith("on files, synced"));
      assertEquals(pools, onFiles.description().location());
      store(bytes, 0);
      assertArrayEquals(bytes, onFile(name));
    } finally {
      tier = inMemory;
    }
  }

  @Test
  void refusesAPoolOfTheFirstVersionAndWhatIsNoDirectory() throws IOException {
    Path pool = Files.write(directory.resolve("pool"), bytes(1, 1000));
    UnsupportedPoolException refused =
        assertThrows(UnsupportedPoolException.class, () -> LlplTier.open(pool, CAPACITY));
    assertTrue(refused.getMessage().contains("move it away"), refused.getMessage());
    assertEquals(1000, Files.size(pool));
  }

  @Test
  void refusesAPoolLargerThanTheMedium() throws IOException {
    Path huge = directory.resolve("huge");
    assertThrows(TierFullException.class, () -> LlplTier.open(huge, 1L << 50));
    assertEquals(List.of("lock"), List.of(huge.toFile().list()));
  }

  @Test
  void addsAPoolForALargerBudgetAndUsesItWithTheOthers() throws IOException {
    byte[] before = bytes(1, 20 << 20);
    Digest name = store(before, 0);
    tier.close();
    tier = LlplTier.open(place.tier(), 2 * CAPACITY);
    assertEquals(2 * CAPACITY, tier.usage().capacityBytes());
    assertEquals(List.of("lock", "pool-1", "pool-2"), place.files());
    byte[] both = bytes(2, 28 << 20);
    Digest large = store(both, 0);
    assertEquals(
        List.of(place.tier().resolve("pool-2"), place.pool()),
        tier.locate(large).stream().map(Extent::file).toList());
    assertEquals(2 * CAPACITY, tier.usage().usedBytes());
    Digest renamed = nameOf(new byte[] {1});
    tier.rename(large, renamed);
    tier.close();
    tier = LlplTier.open(place.tier(), 2 * CAPACITY);
    assertArrayEquals(before, read(name));
    assertArrayEquals(both, onFile(renamed));
  }

  @Test
  void limitsItselfToASmallerBudget() throws IOException {
    store(bytes(1, 2 << 20), 0);
    tier.close();
    tier = LlplTier.open(place.tier(), 3 << 20);
    assertEquals(3 << 20, tier.usage().capacityBytes());
    store(bytes(2, 1 << 20), 0);
    assertThrows(TierFullException.class, () -> tier.write(1));
    tier.close();
    tier = LlplTier.open(place.tier(), 1 << 20);
    assertEquals(2, tier.blobs().size());
    assertEquals(3 << 20, tier.usage().usedBytes());
    assertEquals(0, assertThrows(TierFullException.class, () -> tier.write(1)).freeBytes());
  }

  @Test
  void opensWithWhatIsThereIfThereIsNoRoomForAnotherPool() throws IOException {
    Digest name = store(bytes(1, 1000), 0);
    tier.close();
    tier = LlplTier.open(place.tier(), 1L << 50);
    assertEquals(1000L, tier.blobs().get(name));
    assertEquals(CAPACITY, tier.usage().capacityBytes());
  }

  @Test
  void storesNothingMoreInAPoolThatCouldNotBeSynced() throws IOException {
    Path disk = directory.resolve("disk");
    Path first = disk.resolve("pool-1");
    Path away = directory.resolve("away");
    LlplTier.open(disk, CAPACITY).close();
    LlplTier two = LlplTier.open(disk, 2 * CAPACITY);
    assumeTrue(two.description().survivesPowerCut(), "nothing is synced here");
    try (BlobTier syncing = two) {
      tier.close();
      tier = syncing;
      Digest kept = store(bytes(1, 1000), 0);
      assertEquals(first, syncing.locate(kept).get(0).file());
      Files.move(first, away);
      assertThrows(IOException.class, () -> store(bytes(2, 1000), 1000));
      for (int blob = 3; blob < 6; blob++) {
        Digest next = store(bytes(blob, 1000), 1000);
        assertEquals(disk.resolve("pool-2"), syncing.locate(next).get(0).file());
      }
      assertThrows(TierFullException.class, () -> syncing.write(CAPACITY));
      assertArrayEquals(bytes(1, 1000), read(kept));
      syncing.delete(kept);
      assertEquals(3 * PAGE, syncing.usage().usedBytes());
      Files.move(away, first);
    }
    try (BlobTier again = LlplTier.open(disk, 2 * CAPACITY)) {
      assertEquals(3, again.blobs().size());
      again.write(2 * CAPACITY - 3 * PAGE).close();
    }
  }

  @Test
  void removesWhatACrashLeftHalfCreated() throws IOException {
    tier.close();
    Files.createFile(place.tier().resolve("pool-2.creating-0123456789abcdef"));
    tier = open();
    assertEquals(List.of("lock", "pool-1"), place.files());
  }
}
