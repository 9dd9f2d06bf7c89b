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
  private StoreOfFiles files;

  @BeforeEach
  void open() throws IOException {
    files = StoreOfFiles.open(directory);
  }

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  /** Pieces that alternate, the first one slow. */
  private void put() throws IOException {
    try (SplitBlobWriter writer = files.store().writeSplit()) {
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

  private void assertNothingIsLeft() throws IOException {
    assertEquals(Optional.empty(), files.store().locate(NAME));
    for (Tier tier : Tier.values()) {
      assertEquals(0, files.store().usage(tier).usedBytes(), tier.toString());
      assertEquals(Set.of(), files.store().blobs(tier));
    }
    assertEquals(List.of(), files.catalogue().splits().list());
  }

  @Test
  void itIsReadAcrossItsPieces() throws IOException {
    put();
    assertArrayEquals(BYTES, files.get(NAME));
    try (BlobReader reader = files.store().read(NAME)) {
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
    BlobLocation location = files.store().locate(NAME).orElseThrow();
    assertEquals(16, location.extents().size());
    assertEquals(BYTES.length, location.length());
    assertEquals(8L * PIECE, location.bytesOn(Tier.SLOW));
    assertEquals(files.store().usage(Tier.SLOW).usedBytes(), location.bytesOn(Tier.SLOW));
    assertEquals(files.store().usage(Tier.FAST).usedBytes(), location.bytesOn(Tier.FAST));
    assertEquals(Set.of(NAME), files.store().blobs(Tier.SLOW));
    assertEquals(Set.of(NAME), files.store().blobs(Tier.FAST));
    assertEquals(
        List.of(location.extents().get(1), location.extents().get(2)),
        location.range(PIECE, 3L * PIECE));
  }

  @Test
  void itIsThereAfterARestart() throws IOException {
    put();
    BlobLocation location = files.store().locate(NAME).orElseThrow();
    files = files.reopened();
    assertEquals(location, files.store().locate(NAME).orElseThrow());
    assertArrayEquals(BYTES, files.get(NAME));
    assertEquals(Set.of(NAME), files.store().blobs(Tier.SLOW));
  }

  @Test
  void itIsInOnePieceAfterAMove() throws IOException {
    for (Tier target : List.of(Tier.SLOW, Tier.FAST)) {
      put();
      files.store().move(NAME, target);
      BlobLocation location = files.store().locate(NAME).orElseThrow();
      assertEquals(1, location.extents().size());
      assertTrue(location.isWhollyOn(target));
      assertArrayEquals(BYTES, files.get(NAME));
      assertEquals(BYTES.length, files.usedBytes());
      assertEquals(List.of(), files.catalogue().splits().list());
      files = files.reopened();
      assertArrayEquals(BYTES, files.get(NAME));
      assertTrue(files.store().delete(NAME));
    }
    assertNothingIsLeft();
  }

  @Test
  void nothingIsLeftOfOneThatIsDeleted() throws IOException {
    put();
    assertTrue(files.store().delete(NAME));
    assertNothingIsLeft();
    files = files.reopened();
    assertNothingIsLeft();
  }

  @Test
  void nothingIsLeftOfOneWithTheWrongDigestOrWithoutCommit() throws IOException {
    Digest other = BlobTierContractTest.nameOf(new byte[0]);
    try (SplitBlobWriter writer = files.store().writeSplit()) {
      writePieces(writer);
      assertThrows(DigestMismatchException.class, () -> writer.commit(other));
      assertThrows(IOException.class, () -> writer.commit(NAME));
    }
    assertNothingIsLeft();
    try (SplitBlobWriter writer = files.store().writeSplit()) {
      writePieces(writer);
    }
    assertNothingIsLeft();
  }

  @Test
  void oneThatIsThereAlreadyStaysAsItIs() throws IOException {
    put();
    BlobLocation location = files.store().locate(NAME).orElseThrow();
    put();
    assertEquals(location, files.store().locate(NAME).orElseThrow());
    assertEquals(BYTES.length, files.usedBytes());
  }

  @Test
  void oneOfASinglePieceIsABlobLikeAnyOther() throws IOException {
    try (SplitBlobWriter writer = files.store().writeSplit()) {
      writer.write(Tier.FAST, ByteBuffer.wrap(BYTES));
      writer.commit(NAME);
    }
    assertTrue(files.store().locate(NAME).orElseThrow().isWhollyOn(Tier.FAST));
    assertEquals(List.of(), files.catalogue().splits().list());
    Digest empty = BlobTierContractTest.nameOf(new byte[0]);
    try (SplitBlobWriter writer = files.store().writeSplit()) {
      writer.commit(empty);
    }
    assertEquals(0, files.store().locate(empty).orElseThrow().length());
  }

  @Test
  void noExtentBeginsWhereTheKernelCannotReadIt() throws IOException {
    try (SplitBlobWriter writer = files.store().writeSplit()) {
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
    SplitBlob split = files.catalogue().splits().list().get(0);
    files.catalogue().splits().put(split.withRuns(List.of()));
    Files.delete(files.fileOf(Tier.FAST, split.fastPart()));
    files = files.reopened();
    assertNothingIsLeft();
  }

  @Test
  void aBlobIsThereAgainWhenItsTierIs() throws IOException {
    put();
    SplitBlob split = files.catalogue().splits().list().get(0);
    Path part = files.fileOf(Tier.SLOW, split.slowPart());
    Path elsewhere = Files.move(part, directory.resolve("elsewhere"));
    files = files.reopened();
    assertEquals(Optional.empty(), files.store().locate(NAME));
    close();
    Files.move(elsewhere, part);
    open();
    assertArrayEquals(BYTES, files.get(NAME));
  }

  @Test
  void whatIsLeftOfABlobGoesWhenItIsStoredAgainOrDeleted() throws IOException {
    for (boolean again : new boolean[] {true, false}) {
      put();
      SplitBlob split = files.catalogue().splits().list().get(0);
      Files.delete(files.fileOf(Tier.SLOW, split.slowPart()));
      files = files.reopened();
      assertEquals(Optional.empty(), files.store().locate(NAME));
      if (again) {
        put();
        assertArrayEquals(BYTES, files.get(NAME));
        assertEquals(BYTES.length, files.usedBytes());
        assertEquals(1, files.catalogue().splits().list().size());
      }
      files.store().delete(NAME);
      assertNothingIsLeft();
    }
  }

  @Test
  void whatIsLeftOfABlobIsFreedBySweepingWhenItIsCondemned() throws IOException {
    for (Tier missing : Tier.values()) {
      put();
      SplitBlob split = files.catalogue().splits().list().get(0);
      Digest part = missing == Tier.FAST ? split.fastPart() : split.slowPart();
      Files.delete(files.fileOf(missing, part));
      files = files.reopened();
      assertEquals(Set.of(NAME), files.store().incompleteBlobs());
      long left = files.usedBytes();
      assertTrue(left > 0);
      assertEquals(Set.of(), files.store().condemn(Set.of(NAME)));
      assertEquals(Set.of(), files.store().incompleteBlobs());
      assertEquals(left, files.store().sweep());
      assertNothingIsLeft();
      files = files.reopened();
      assertNothingIsLeft();
      assertEquals(List.of(), files.catalogue().retired().list());
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
    Files.write(files.fileOf(Tier.SLOW, NAME), BYTES);
    files = files.reopened();
    assertTrue(files.store().locate(NAME).orElseThrow().isWhollyOn(Tier.SLOW));
    assertEquals(BYTES.length, files.usedBytes());
    assertEquals(List.of(), files.catalogue().splits().list());
  }

  @Test
  void whatAMountReadsStaysUntilItIsGone() throws IOException {
    put();
    files.mount("sb", NAME);
    files.store().move(NAME, Tier.SLOW);
    long part = 1_000_448 - 8L * PIECE;
    assertEquals(part, files.store().usage(Tier.FAST).usedBytes());
    files = files.reopened();
    assertEquals(part, files.store().usage(Tier.FAST).usedBytes());
    assertFalse(files.catalogue().splits().list().isEmpty());
    files.unmount("sb");
    assertEquals(BYTES.length, files.store().sweep());
    assertEquals(List.of(), files.catalogue().splits().list());
  }
}
