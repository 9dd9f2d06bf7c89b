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
  private StoreOfFiles files;

  @BeforeEach
  void open() throws IOException {
    files = StoreOfFiles.open(directory);
  }

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  @Test
  void aDamagedBlobIsReplacedWhenItIsStoredAgain() throws IOException {
    for (Tier first : Tier.values()) {
      for (Tier second : Tier.values()) {
        files.put(first, BYTES);
        damage(first);
        assertThrows(DigestMismatchException.class, () -> files.store().verify(NAME));
        files.put(second, BYTES);
        files.store().verify(NAME);
        assertArrayEquals(BYTES, files.get(NAME));
        assertEquals(second, files.tierOf(NAME));
        assertEquals(BYTES.length, files.usedBytes());
        files = files.reopened();
        files.store().verify(NAME);
        files.store().delete(NAME);
        assertEquals(0, files.usedBytes());
      }
    }
  }

  @Test
  void aBlobThatWasTakenAwayIsReplacedWhenItIsStoredAgain() throws IOException {
    files.put(Tier.SLOW, BYTES);
    Files.delete(files.fileOf(Tier.SLOW, NAME));
    files.put(Tier.SLOW, BYTES);
    assertArrayEquals(BYTES, files.get(NAME));
    assertEquals(BYTES.length, files.usedBytes());
    assertEquals(List.of(), files.catalogue().retired().list());
  }

  @Test
  void aGoodBlobIsNotLostToAThreadThatIsInterruptedWhileItStoresItAgain() throws IOException {
    files.put(Tier.SLOW, BYTES);
    try (BlobWriter writer = files.store().write(Tier.SLOW, 0)) {
      writer.write(ByteBuffer.wrap(BYTES));
      Thread.currentThread().interrupt();
      assertThrows(IOException.class, () -> writer.commit(NAME));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertArrayEquals(BYTES, files.get(NAME));
    files.store().verify(NAME);
  }

  @Test
  void aReaderAndAMountKeepTheDamagedCopyThatTheyHave() throws IOException {
    files.put(Tier.FAST, BYTES);
    damage(Tier.FAST);
    files.mount("sb", NAME);
    try (BlobReader reader = files.store().read(NAME)) {
      ByteBuffer before = ByteBuffer.allocate(BYTES.length);
      reader.read(before, 0);
      files.put(Tier.FAST, BYTES);
      assertArrayEquals(BYTES, files.get(NAME));
      ByteBuffer after = ByteBuffer.allocate(BYTES.length);
      reader.read(after, 0);
      assertEquals(before.flip(), after.flip());
      assertEquals(2L * BYTES.length, files.usedBytes());
    }
    files = files.reopened();
    assertArrayEquals(BYTES, files.get(NAME));
    assertEquals(2L * BYTES.length, files.usedBytes());
    files.unmount("sb");
    assertEquals(BYTES.length, files.store().sweep());
    files = files.reopened();
    assertArrayEquals(BYTES, files.get(NAME));
    assertEquals(BYTES.length, files.usedBytes());
  }

  @Test
  void aDeletedBlobThatIsMountedDoesNotComeBackWithTheNextProcess() throws IOException {
    for (Tier tier : Tier.values()) {
      files.put(tier, BYTES);
      files.mount("sb", NAME);
      assertTrue(files.store().delete(NAME));
      files = files.reopened();
      assertEquals(Optional.empty(), files.store().locate(NAME));
      assertEquals(BYTES.length, files.usedBytes());
      assertEquals(0, files.store().sweep());
      files.unmount("sb");
      assertEquals(BYTES.length, files.store().sweep());
      assertEquals(List.of(), files.catalogue().retired().list());
    }
  }

  @Test
  void aMoveOfAMountedBlobIsNotUndoneByTheNextProcess() throws IOException {
    files.put(Tier.SLOW, BYTES);
    files.mount("sb", NAME);
    files.store().move(NAME, Tier.FAST);
    files = files.reopened();
    assertEquals(Tier.FAST, files.tierOf(NAME));
    assertEquals(2L * BYTES.length, files.usedBytes());
    files.store().move(NAME, Tier.SLOW);
    assertEquals(Tier.SLOW, files.tierOf(NAME), "from the copy that was kept");
    files.unmount("sb");
    files.store().sweep();
    assertEquals(BYTES.length, files.usedBytes());
    assertArrayEquals(BYTES, files.get(NAME));
  }

  @Test
  void aKeptCopyThatIsDamagedDoesNotCountAgain() throws IOException {
    files.put(Tier.SLOW, BYTES);
    files.mount("sb", NAME);
    files.store().move(NAME, Tier.FAST);
    damage(Tier.SLOW);
    files.store().move(NAME, Tier.SLOW);
    files.store().verify(NAME);
    assertEquals(Tier.SLOW, files.tierOf(NAME));
  }

  @Test
  void whatIsCondemnedIsInvisibleAtOnceAndFreedBySweeping() throws IOException {
    files.put(Tier.SLOW, BYTES);
    assertEquals(Set.of(), files.store().condemn(Set.of(NAME)));
    assertEquals(Optional.empty(), files.store().locate(NAME));
    assertEquals(BYTES.length, files.usedBytes());
    assertEquals(BYTES.length, files.store().sweep());
    assertEquals(0, files.usedBytes());
  }

  @Test
  void whatIsCondemnedIsThereAgainIfItIsStoredBeforeItIsFreed() throws IOException {
    files.put(Tier.SLOW, BYTES);
    files.store().condemn(Set.of(NAME));
    files.put(Tier.SLOW, BYTES);
    assertEquals(0, files.store().sweep());
    assertArrayEquals(BYTES, files.get(NAME));
  }

  @Test
  void aFullTierMakesRoomOfWhatMountsThatAreGoneHaveKept() throws IOException {
    files.put(Tier.FAST, BYTES);
    files.mount("sb", NAME);
    files.store().delete(NAME);
    long other = (8 << 20) - 100_000;
    assertThrows(IOException.class, () -> files.store().write(Tier.FAST, other).close());
    files.unmount("sb");
    files.store().write(Tier.FAST, other).close();
    assertEquals(0, files.usedBytes());
  }

  @Test
  void whenLeasesWereLostNothingIsFreedBeforeTheMountsAreGone() throws IOException {
    files.put(Tier.FAST, BYTES);
    Files.createDirectory(files.superblock("sb"));
    Files.createDirectory(files.superblock("features"));
    files.leases().add("sb", Set.of(BlobTierContractTest.nameOf(new byte[1])), List.of());
    assertEquals(1, files.leases().addToAll(Set.of(NAME)));
    files.store().delete(NAME);
    assertEquals(0, files.store().sweep());
    files.unmount("sb");
    assertEquals(BYTES.length, files.store().sweep());
  }

  @Test
  void aLeaseOfALoopDeviceEndsWhenAnotherFileIsBehindIt() throws IOException {
    Path loop =
        Files.createDirectories(directory.resolve("sys").resolve("block").resolve("sb/loop"));
    Files.writeString(loop.resolve("backing_file"), "/images/one.erofs\n");
    files.put(Tier.FAST, BYTES);
    files.mount("sb", NAME);
    Files.writeString(loop.resolve("backing_file"), "/images/one.erofs (deleted)\n");
    assertTrue(files.leases().leased(NAME), "the same file without its name");
    Files.writeString(loop.resolve("backing_file"), "/images/two.erofs\n");
    assertFalse(files.leases().leased(NAME));
  }

  private void damage(Tier tier) throws IOException {
    byte[] damaged = BYTES.clone();
    damaged[123_456] ^= 4;
    Files.write(files.fileOf(tier, NAME), damaged);
  }
}
