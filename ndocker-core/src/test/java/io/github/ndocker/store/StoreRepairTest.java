package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of copies that are damaged, or do not count any more. */
class StoreRepairTest {
  private static final byte[] BYTES = BlobTierContractTest.bytes(1, 500_000);
  private static final Digest NAME = BlobTierContractTest.nameOf(BYTES);

  @TempDir private Path directory;
  private Path superblock;
  private Catalogue catalogue;
  private Leases leases;
  private TwoTierStore store;

  @BeforeEach
  void open() throws IOException {
    superblock = directory.resolve("sys").resolve("fs").resolve("erofs").resolve("sb");
    Files.createDirectories(superblock.getParent());
    catalogue = Catalogue.open(directory.resolve("state"));
    leases = Leases.open(catalogue, directory.resolve("sys"), "this boot");
    store =
        TwoTierStore.open(
            new InPlaceTier(FileTier.open(directory.resolve("fast"), 1 << 20)),
            FileTier.open(directory.resolve("slow"), 1 << 20),
            leases,
            catalogue);
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    catalogue.close();
  }

  private void reopen() throws IOException {
    close();
    open();
  }

  @Test
  void aDamagedBlobIsReplacedWhenItIsStoredAgain() throws IOException {
    for (Tier first : Tier.values()) {
      for (Tier second : Tier.values()) {
        put(first);
        damage(first);
        assertThrows(DigestMismatchException.class, () -> store.verify(NAME));
        put(second);
        store.verify(NAME);
        assertArrayEquals(BYTES, get());
        assertEquals(second, tierOf(NAME));
        assertEquals(BYTES.length, used());
        reopen();
        store.verify(NAME);
        store.delete(NAME);
        assertEquals(0, used());
      }
    }
  }

  @Test
  void aBlobThatWasTakenAwayIsReplacedWhenItIsStoredAgain() throws IOException {
    put(Tier.SLOW);
    Files.delete(file(Tier.SLOW));
    put(Tier.SLOW);
    assertArrayEquals(BYTES, get());
    assertEquals(BYTES.length, used());
    assertEquals(List.of(), catalogue.retired().list());
  }

  @Test
  void aGoodBlobIsNotLostToAThreadThatIsInterruptedWhileItStoresItAgain() throws IOException {
    put(Tier.SLOW);
    try (BlobWriter writer = store.write(Tier.SLOW, 0)) {
      writer.write(ByteBuffer.wrap(BYTES));
      Thread.currentThread().interrupt();
      assertThrows(IOException.class, () -> writer.commit(NAME));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertArrayEquals(BYTES, get());
    store.verify(NAME);
  }

  @Test
  void aReaderAndAMountKeepTheDamagedCopyThatTheyHave() throws IOException {
    put(Tier.FAST);
    damage(Tier.FAST);
    lease();
    try (BlobReader reader = store.read(NAME)) {
      ByteBuffer before = ByteBuffer.allocate(BYTES.length);
      reader.read(before, 0);
      put(Tier.FAST);
      assertArrayEquals(BYTES, get());
      ByteBuffer after = ByteBuffer.allocate(BYTES.length);
      reader.read(after, 0);
      assertEquals(before.flip(), after.flip());
      assertEquals(2L * BYTES.length, used());
    }
    reopen();
    assertArrayEquals(BYTES, get());
    assertEquals(2L * BYTES.length, used());
    Files.delete(superblock);
    assertEquals(BYTES.length, store.sweep());
    reopen();
    assertArrayEquals(BYTES, get());
    assertEquals(BYTES.length, used());
  }

  @Test
  void aDeletedBlobThatIsMountedDoesNotComeBackWithTheNextProcess() throws IOException {
    for (Tier tier : Tier.values()) {
      put(tier);
      lease();
      assertTrue(store.delete(NAME));
      reopen();
      assertEquals(Optional.empty(), store.locate(NAME));
      assertEquals(BYTES.length, used());
      assertEquals(0, store.sweep());
      Files.delete(superblock);
      assertEquals(BYTES.length, store.sweep());
      assertEquals(List.of(), catalogue.retired().list());
    }
  }

  @Test
  void aMoveOfAMountedBlobIsNotUndoneByTheNextProcess() throws IOException {
    put(Tier.SLOW);
    lease();
    store.move(NAME, Tier.FAST);
    reopen();
    assertEquals(Tier.FAST, tierOf(NAME));
    assertEquals(2L * BYTES.length, used());
    store.move(NAME, Tier.SLOW);
    assertEquals(Tier.SLOW, tierOf(NAME), "from the copy that was kept");
    Files.delete(superblock);
    store.sweep();
    assertEquals(BYTES.length, used());
    assertArrayEquals(BYTES, get());
  }

  @Test
  void aKeptCopyThatIsDamagedDoesNotCountAgain() throws IOException {
    put(Tier.SLOW);
    lease();
    store.move(NAME, Tier.FAST);
    damage(Tier.SLOW);
    store.move(NAME, Tier.SLOW);
    store.verify(NAME);
    assertEquals(Tier.SLOW, tierOf(NAME));
  }

  @Test
  void whatIsCondemnedIsInvisibleAtOnceAndFreedBySweeping() throws IOException {
    put(Tier.SLOW);
    assertEquals(Set.of(), store.condemn(Set.of(NAME)));
    assertEquals(Optional.empty(), store.locate(NAME));
    assertEquals(BYTES.length, used());
    assertEquals(BYTES.length, store.sweep());
    assertEquals(0, used());
  }

  @Test
  void whatIsCondemnedIsThereAgainIfItIsStoredBeforeItIsFreed() throws IOException {
    put(Tier.SLOW);
    store.condemn(Set.of(NAME));
    put(Tier.SLOW);
    assertEquals(0, store.sweep());
    assertArrayEquals(BYTES, get());
  }

  @Test
  void aFullTierMakesRoomOfWhatMountsThatAreGoneHaveKept() throws IOException {
    put(Tier.FAST);
    lease();
    store.delete(NAME);
    byte[] other = BlobTierContractTest.bytes(2, 900_000);
    assertThrows(IOException.class, () -> store.write(Tier.FAST, other.length).close());
    Files.delete(superblock);
    store.write(Tier.FAST, other.length).close();
    assertEquals(0, used());
  }

  @Test
  void whenLeasesWereLostNothingIsFreedBeforeTheMountsAreGone() throws IOException {
    put(Tier.FAST);
    Files.createDirectory(superblock);
    Files.createDirectory(superblock.resolveSibling("features"));
    assertEquals(1, leases.addUnknown(Set.of(NAME)));
    assertEquals(0, leases.addUnknown(Set.of(NAME)));
    store.delete(NAME);
    assertEquals(0, store.sweep());
    Files.delete(superblock);
    assertEquals(BYTES.length, store.sweep());
  }

  @Test
  void aLeaseOfALoopDeviceEndsWhenAnotherFileIsBehindIt() throws IOException {
    Path loop =
        Files.createDirectories(directory.resolve("sys").resolve("block").resolve("sb/loop"));
    Files.writeString(loop.resolve("backing_file"), "/images/one.erofs\n");
    put(Tier.FAST);
    lease();
    Files.writeString(loop.resolve("backing_file"), "/images/one.erofs (deleted)\n");
    assertTrue(leases.leased(NAME), "the same file without its name");
    Files.writeString(loop.resolve("backing_file"), "/images/two.erofs\n");
    assertFalse(leases.leased(NAME));
  }

  private void lease() throws IOException {
    Files.createDirectories(superblock);
    leases.add("sb", Set.of(NAME), List.of());
  }

  private void put(Tier tier) throws IOException {
    try (BlobWriter writer = store.write(tier, 0)) {
      writer.write(ByteBuffer.wrap(BYTES));
      writer.commit(NAME);
    }
  }

  private byte[] get() throws IOException {
    try (BlobReader reader = store.read(NAME)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) reader.size());
      reader.read(bytes, 0);
      return bytes.array();
    }
  }

  private Tier tierOf(Digest name) {
    return store.locate(name).orElseThrow().extents().get(0).tier();
  }

  private Path file(Tier tier) {
    return directory
        .resolve(tier == Tier.FAST ? "fast" : "slow")
        .resolve("blobs/sha256")
        .resolve(NAME.hex());
  }

  private void damage(Tier tier) throws IOException {
    byte[] damaged = BYTES.clone();
    damaged[123_456] ^= 4;
    Files.write(file(tier), damaged);
  }

  private long used() {
    return store.usage(Tier.FAST).usedBytes() + store.usage(Tier.SLOW).usedBytes();
  }
}
