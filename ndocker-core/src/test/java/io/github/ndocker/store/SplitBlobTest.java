package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blobs that lie in pieces on both tiers; the fast one reuses space in place. */
class SplitBlobTest {
  private static final byte[] BYTES = BlobTierContractTest.bytes(3, 1_000_448);
  private static final Digest NAME = BlobTierContractTest.nameOf(BYTES);
  private static final int PIECE = 65_536;

  @TempDir private Path directory;
  private Catalogue catalogue;
  private Leases leases;
  private TwoTierStore store;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectories(directory.resolve("sys/fs/erofs"));
    catalogue = Catalogue.open(directory.resolve("state"));
    leases = Leases.open(catalogue, directory.resolve("sys"), "this boot");
    store =
        TwoTierStore.open(
            new InPlaceTier(FileTier.open(directory.resolve("fast"), 4 << 20)),
            FileTier.open(directory.resolve("slow"), 4 << 20),
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

  /** Pieces that alternate, the first one slow. */
  private void put() throws IOException {
    try (SplitBlobWriter writer = store.writeSplit()) {
      writePieces(writer);
      writer.commit(NAME);
    }
  }

  private static void writePieces(SplitBlobWriter writer) throws IOException {
    for (int from = 0; from < BYTES.length; from += PIECE) {
      Tier tier = from / PIECE % 2 == 0 ? Tier.SLOW : Tier.FAST;
      writer.write(tier, ByteBuffer.wrap(BYTES, from, Math.min(PIECE, BYTES.length - from)));
    }
  }

  private byte[] get() throws IOException {
    try (BlobReader reader = store.read(NAME)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) reader.size());
      assertEquals(BYTES.length, reader.read(bytes, 0));
      return bytes.array();
    }
  }

  private void assertNothingIsLeft() throws IOException {
    assertEquals(Optional.empty(), store.locate(NAME));
    for (Tier tier : Tier.values()) {
      assertEquals(0, store.usage(tier).usedBytes(), tier.toString());
      assertEquals(Set.of(), store.blobs(tier));
    }
    assertEquals(List.of(), catalogue.splits().list());
  }

  @Test
  void itIsReadAcrossItsPieces() throws IOException {
    put();
    assertArrayEquals(BYTES, get());
    try (BlobReader reader = store.read(NAME)) {
      ByteBuffer some = ByteBuffer.allocate(PIECE + 2);
      assertEquals(PIECE + 2, reader.read(some, PIECE - 1));
      assertArrayEquals(Arrays.copyOfRange(BYTES, PIECE - 1, 2 * PIECE + 1), some.array());
      assertEquals(1, reader.read(some.clear(), BYTES.length - 1));
      assertEquals(0, reader.read(some.clear(), BYTES.length));
    }
  }

  @Test
  void itSaysWhereItsPiecesAre() throws IOException {
    put();
    BlobLocation location = store.locate(NAME).orElseThrow();
    assertEquals(16, location.extents().size());
    assertEquals(BYTES.length, location.length());
    assertEquals(8L * PIECE, location.bytesOn(Tier.SLOW));
    assertEquals(store.usage(Tier.SLOW).usedBytes(), location.bytesOn(Tier.SLOW));
    assertEquals(store.usage(Tier.FAST).usedBytes(), location.bytesOn(Tier.FAST));
    assertEquals(Set.of(NAME), store.blobs(Tier.SLOW));
    assertEquals(Set.of(NAME), store.blobs(Tier.FAST));
    assertEquals(
        List.of(location.extents().get(1), location.extents().get(2)),
        location.range(PIECE, 3L * PIECE));
  }

  @Test
  void itIsThereAfterARestart() throws IOException {
    put();
    BlobLocation location = store.locate(NAME).orElseThrow();
    reopen();
    assertEquals(location, store.locate(NAME).orElseThrow());
    assertArrayEquals(BYTES, get());
    assertEquals(Set.of(NAME), store.blobs(Tier.SLOW));
  }

  @Test
  void itIsInOnePieceAfterAMove() throws IOException {
    for (Tier target : List.of(Tier.SLOW, Tier.FAST)) {
      put();
      store.move(NAME, target);
      BlobLocation location = store.locate(NAME).orElseThrow();
      assertEquals(1, location.extents().size());
      assertTrue(location.isWhollyOn(target));
      assertArrayEquals(BYTES, get());
      assertEquals(BYTES.length, usedBytes());
      assertEquals(List.of(), catalogue.splits().list());
      reopen();
      assertArrayEquals(BYTES, get());
      assertTrue(store.delete(NAME));
    }
    assertNothingIsLeft();
  }

  private long usedBytes() {
    return store.usage(Tier.SLOW).usedBytes() + store.usage(Tier.FAST).usedBytes();
  }

  @Test
  void nothingIsLeftOfOneThatIsDeleted() throws IOException {
    put();
    assertTrue(store.delete(NAME));
    assertNothingIsLeft();
    reopen();
    assertNothingIsLeft();
  }

  @Test
  void nothingIsLeftOfOneWithTheWrongDigestOrWithoutCommit() throws IOException {
    Digest other = BlobTierContractTest.nameOf(new byte[0]);
    try (SplitBlobWriter writer = store.writeSplit()) {
      writePieces(writer);
      assertThrows(DigestMismatchException.class, () -> writer.commit(other));
      assertThrows(IOException.class, () -> writer.commit(NAME));
    }
    assertNothingIsLeft();
    try (SplitBlobWriter writer = store.writeSplit()) {
      writePieces(writer);
    }
    assertNothingIsLeft();
  }

  @Test
  void oneThatIsThereAlreadyStaysAsItIs() throws IOException {
    put();
    BlobLocation location = store.locate(NAME).orElseThrow();
    put();
    assertEquals(location, store.locate(NAME).orElseThrow());
    assertEquals(BYTES.length, usedBytes());
  }

  @Test
  void oneOfASinglePieceIsABlobLikeAnyOther() throws IOException {
    try (SplitBlobWriter writer = store.writeSplit()) {
      writer.write(Tier.FAST, ByteBuffer.wrap(BYTES));
      writer.commit(NAME);
    }
    assertTrue(store.locate(NAME).orElseThrow().isWhollyOn(Tier.FAST));
    assertEquals(List.of(), catalogue.splits().list());
    Digest empty = BlobTierContractTest.nameOf(new byte[0]);
    try (SplitBlobWriter writer = store.writeSplit()) {
      writer.commit(empty);
    }
    assertEquals(0, store.locate(empty).orElseThrow().length());
  }

  @Test
  void noExtentBeginsWhereTheKernelCannotReadIt() throws IOException {
    try (SplitBlobWriter writer = store.writeSplit()) {
      writer.write(Tier.SLOW, ByteBuffer.wrap(BYTES, 0, 700));
      writer.write(Tier.SLOW, ByteBuffer.wrap(BYTES, 700, 100));
      assertThrows(
          IllegalArgumentException.class,
          () -> writer.write(Tier.FAST, ByteBuffer.wrap(BYTES, 800, 100)));
    }
    assertNothingIsLeft();
  }

  @Test
  void aCrashInTheMiddleOfACommitLeavesNothing() throws IOException {
    // one part has its name, the other has not
    put();
    SplitBlob split = catalogue.splits().list().get(0);
    catalogue.splits().put(split.withRuns(List.of()));
    Files.delete(directory.resolve("fast/blobs/sha256").resolve(split.fastPart().hex()));
    reopen();
    assertNothingIsLeft();
  }

  @Test
  void aBlobIsThereAgainWhenItsTierIs() throws IOException {
    put();
    SplitBlob split = catalogue.splits().list().get(0);
    Path part = directory.resolve("slow/blobs/sha256").resolve(split.slowPart().hex());
    Path elsewhere = Files.move(part, directory.resolve("elsewhere"));
    reopen();
    assertEquals(Optional.empty(), store.locate(NAME));
    close();
    Files.move(elsewhere, part);
    open();
    assertArrayEquals(BYTES, get());
  }

  @Test
  void whatIsLeftOfABlobGoesWhenItIsStoredAgainOrDeleted() throws IOException {
    for (boolean again : new boolean[] {true, false}) {
      put();
      SplitBlob split = catalogue.splits().list().get(0);
      Files.delete(directory.resolve("slow/blobs/sha256").resolve(split.slowPart().hex()));
      reopen();
      assertEquals(Optional.empty(), store.locate(NAME));
      if (again) {
        put();
        assertArrayEquals(BYTES, get());
        assertEquals(BYTES.length, usedBytes());
        assertEquals(1, catalogue.splits().list().size());
      }
      store.delete(NAME);
      assertNothingIsLeft();
    }
  }

  @Test
  void whatIsLeftOfABlobIsFreedBySweepingWhenItIsCondemned() throws IOException {
    for (Tier missing : Tier.values()) {
      put();
      SplitBlob split = catalogue.splits().list().get(0);
      Digest part = missing == Tier.FAST ? split.fastPart() : split.slowPart();
      Path tier = directory.resolve(missing == Tier.FAST ? "fast" : "slow");
      Files.delete(tier.resolve("blobs/sha256").resolve(part.hex()));
      reopen();
      assertEquals(Set.of(NAME), store.incompleteBlobs());
      long left = usedBytes();
      assertTrue(left > 0);
      assertEquals(Set.of(), store.condemn(Set.of(NAME)));
      assertEquals(Set.of(), store.incompleteBlobs());
      assertEquals(left, store.sweep());
      assertNothingIsLeft();
      reopen();
      assertNothingIsLeft();
      assertEquals(List.of(), catalogue.retired().list());
    }
  }

  @Test
  void partsAreNotTakenForBlobsWhenTheCatalogueIsLost() throws IOException {
    put();
    close();
    for (String file : List.of("catalogue.db", "catalogue.db-wal", "catalogue.db-shm")) {
      Files.deleteIfExists(directory.resolve("state").resolve(file));
    }
    open();
    assertNothingIsLeft();
  }

  @Test
  void aMoveThatWasInterruptedLeavesTheWholeCopy() throws IOException {
    put();
    Files.write(directory.resolve("slow/blobs/sha256").resolve(NAME.hex()), BYTES);
    reopen();
    assertTrue(store.locate(NAME).orElseThrow().isWhollyOn(Tier.SLOW));
    assertEquals(BYTES.length, usedBytes());
    assertEquals(List.of(), catalogue.splits().list());
  }

  @Test
  void whatAMountReadsStaysUntilItIsGone() throws IOException {
    put();
    Path superblock = Files.createDirectory(directory.resolve("sys/fs/erofs/sb1"));
    leases.add("sb1", Set.of(NAME), List.of());
    store.move(NAME, Tier.SLOW);
    long part = 1_000_448 - 8L * PIECE;
    assertEquals(part, store.usage(Tier.FAST).usedBytes());
    reopen();
    assertEquals(part, store.usage(Tier.FAST).usedBytes());
    assertFalse(catalogue.splits().list().isEmpty());
    Files.delete(superblock);
    assertEquals(BYTES.length, store.sweep());
    assertEquals(List.of(), catalogue.splits().list());
  }
}
