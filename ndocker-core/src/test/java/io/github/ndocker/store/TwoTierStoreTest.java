package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // closing twice is what is tested
class TwoTierStoreTest {
  private static final byte[] BYTES = BlobTierContractTest.bytes(1, 1_500_000);
  private static final Digest NAME = BlobTierContractTest.nameOf(BYTES);

  @TempDir private Path directory;
  private Path superblocks;
  private Catalogue catalogue;
  private Leases leases;
  private TwoTierStore store;

  @BeforeEach
  void open() throws IOException {
    superblocks = Files.createDirectories(directory.resolve("sys").resolve("fs").resolve("erofs"));
    reopen();
  }

  private void reopen() throws IOException {
    catalogue = Catalogue.open(directory.resolve("state"));
    leases = Leases.open(catalogue, directory.resolve("sys"), "this boot");
    store =
        TwoTierStore.open(
            fast(), FileTier.open(directory.resolve("slow"), 1 << 30), leases, catalogue);
  }

  private BlobTier fast() throws IOException {
    return new InPlaceTier(FileTier.open(directory.resolve("fast"), 4 << 20));
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    store.close();
    catalogue.close();
  }

  @Test
  void givesBackWhatWasStoredAndSaysWhere() throws IOException {
    assertEquals(NAME, put(Tier.SLOW, BYTES));
    assertArrayEquals(BYTES, get(NAME));
    BlobLocation location = store.locate(NAME).orElseThrow();
    assertEquals(Tier.SLOW, location.extents().get(0).tier());
    assertArrayEquals(BYTES, Files.readAllBytes(location.extents().get(0).file()));
    assertEquals(Set.of(NAME), store.blobs(Tier.SLOW));
    assertEquals(Set.of(), store.blobs(Tier.FAST));
    assertEquals(1, store.usage(Tier.SLOW).blobs());
  }

  @Test
  void leavesNothingOfABlobWithTheWrongDigest() throws IOException {
    Digest other = BlobTierContractTest.nameOf(new byte[0]);
    try (BlobWriter writer = store.write(Tier.FAST, BYTES.length)) {
      writer.write(ByteBuffer.wrap(BYTES));
      DigestMismatchException mismatch =
          assertThrows(DigestMismatchException.class, () -> writer.commit(other));
      assertEquals(NAME, mismatch.found());
      assertThrows(IOException.class, () -> writer.commit(NAME));
    }
    assertEquals(Optional.empty(), store.locate(NAME));
    assertEquals(Optional.empty(), store.locate(other));
    assertEquals(0, store.usage(Tier.FAST).usedBytes());
  }

  @Test
  void keepsTheCopyThatExistsOnAnyTier() throws IOException {
    put(Tier.SLOW, BYTES);
    put(Tier.FAST, BYTES);
    assertEquals(Tier.SLOW, store.locate(NAME).orElseThrow().extents().get(0).tier());
    assertEquals(0, store.usage(Tier.FAST).usedBytes());
  }

  @Test
  void movesABlobBackAndForth() throws IOException {
    put(Tier.SLOW, BYTES);
    for (Tier target : List.of(Tier.FAST, Tier.FAST, Tier.SLOW, Tier.FAST)) {
      store.move(NAME, target);
      assertEquals(target, store.locate(NAME).orElseThrow().extents().get(0).tier());
      assertArrayEquals(BYTES, get(NAME));
      Tier other = target == Tier.FAST ? Tier.SLOW : Tier.FAST;
      assertEquals(0, store.usage(other).usedBytes());
    }
    assertThrows(
        BlobNotFoundException.class,
        () -> store.move(BlobTierContractTest.nameOf(new byte[0]), Tier.FAST));
  }

  @Test
  void keepsTheOriginalWhenTheTargetIsFull() throws IOException {
    byte[] large = BlobTierContractTest.bytes(2, 5 << 20);
    Digest name = put(Tier.SLOW, large);
    assertThrows(TierFullException.class, () -> store.move(name, Tier.FAST));
    assertArrayEquals(large, get(name));
    assertEquals(0, store.usage(Tier.FAST).usedBytes());
  }

  @Test
  void keepsADamagedOriginalFromSpreading() throws IOException {
    put(Tier.SLOW, BYTES);
    byte[] damaged = BYTES.clone();
    damaged[700_000]++;
    Files.write(store.locate(NAME).orElseThrow().extents().get(0).file(), damaged);
    assertThrows(DigestMismatchException.class, () -> store.move(NAME, Tier.FAST));
    assertEquals(Tier.SLOW, store.locate(NAME).orElseThrow().extents().get(0).tier());
    assertEquals(0, store.usage(Tier.FAST).usedBytes());
  }

  @Test
  void keepsAMovedBlobInPlaceWhileASuperblockReadsIt() throws IOException {
    put(Tier.FAST, BYTES);
    Path file = store.locate(NAME).orElseThrow().extents().get(0).file();
    Files.createDirectory(superblocks.resolve("nd1"));
    leases.add("nd1", Set.of(NAME), List.of());
    store.move(NAME, Tier.SLOW);
    assertEquals(Tier.SLOW, store.locate(NAME).orElseThrow().extents().get(0).tier());
    assertEquals(0, store.sweep());
    assertTrue(Files.exists(file));
    assertEquals(BYTES.length, store.usage(Tier.FAST).usedBytes());
    assertEquals(0, store.usage(Tier.FAST).blobs());
    Files.delete(superblocks.resolve("nd1"));
    assertEquals(BYTES.length, store.sweep());
    assertFalse(Files.exists(file));
    assertArrayEquals(BYTES, get(NAME));
    assertEquals(List.of(), catalogue.leases().list());
  }

  @Test
  void keepsADeletedBlobInPlaceWhileAMountIsPrepared() throws IOException {
    put(Tier.FAST, BYTES);
    try (Leases.Hold hold = leases.hold(Set.of(NAME))) {
      assertTrue(store.delete(NAME));
      assertFalse(store.delete(NAME));
      assertEquals(Optional.empty(), store.locate(NAME));
      assertEquals(0, store.sweep());
      hold.close();
      assertEquals(BYTES.length, store.sweep());
    }
  }

  @Test
  void countsARetiredCopyAgainWhenItsBlobComesBack() throws IOException {
    put(Tier.FAST, BYTES);
    Files.createDirectory(superblocks.resolve("nd1"));
    leases.add("nd1", Set.of(NAME), List.of());
    store.move(NAME, Tier.SLOW);
    store.move(NAME, Tier.FAST);
    Files.delete(superblocks.resolve("nd1"));
    assertEquals(BYTES.length, store.sweep(), "what was left on the slow tier");
    assertArrayEquals(BYTES, get(NAME));
    assertEquals(Tier.FAST, store.locate(NAME).orElseThrow().extents().get(0).tier());
    store.delete(NAME);
    put(Tier.FAST, BYTES);
    assertArrayEquals(BYTES, get(NAME));
  }

  @Test
  void neverShowsAReaderOtherBytes() throws IOException {
    put(Tier.FAST, BYTES);
    try (BlobReader first = store.read(NAME);
        BlobReader second = store.read(NAME)) {
      store.move(NAME, Tier.SLOW);
      second.close();
      second.close();
      ByteBuffer found = ByteBuffer.allocate(BYTES.length);
      first.read(found, 0);
      assertArrayEquals(BYTES, found.array());
      assertEquals(BYTES.length, store.usage(Tier.FAST).usedBytes());
    }
    assertEquals(0, store.usage(Tier.FAST).usedBytes());
  }

  @Test
  void letsTheSlowCopyCountAfterACrashInAMove() throws IOException {
    put(Tier.SLOW, BYTES);
    store.close();
    try (BlobTier fast = fast();
        BlobTier.TierWriter writer = fast.write(0)) {
      writer.write(ByteBuffer.wrap(BYTES));
      writer.commit(NAME);
    }
    catalogue.close();
    reopen();
    assertEquals(Tier.SLOW, store.locate(NAME).orElseThrow().extents().get(0).tier());
    assertEquals(0, store.usage(Tier.FAST).usedBytes());
    assertArrayEquals(BYTES, get(NAME));
  }

  @Test
  void keepsALeasedFastCopyAcrossARestartInTheMiddleOfAMove() throws IOException {
    put(Tier.FAST, BYTES);
    Files.createDirectory(superblocks.resolve("nd1"));
    leases.add("nd1", Set.of(NAME), List.of());
    store.move(NAME, Tier.SLOW);
    store.close();
    catalogue.close();
    reopen();
    assertEquals(Tier.SLOW, store.locate(NAME).orElseThrow().extents().get(0).tier());
    assertEquals(BYTES.length, store.usage(Tier.FAST).usedBytes());
    Files.delete(superblocks.resolve("nd1"));
    assertEquals(BYTES.length, store.sweep());
  }

  @Test
  void staysInStepWhenManyThreadsReadMoveAndDelete() throws Exception {
    long seed = new Random().nextLong();
    List<byte[]> blobs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      blobs.add(BlobTierContractTest.bytes(i, 100_000 + i));
    }
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < 6; thread++) {
        Random random = new Random(seed + thread);
        done.add(threads.submit(() -> disturb(blobs, random)));
      }
      for (Future<?> result : done) {
        result.get();
      }
    } catch (Exception e) {
      throw new AssertionError("seed " + seed, e);
    } finally {
      threads.shutdownNow();
    }
    for (byte[] blob : blobs) {
      store.delete(BlobTierContractTest.nameOf(blob));
    }
    assertEquals(0, store.usage(Tier.FAST).usedBytes(), "seed " + seed);
    assertEquals(0, store.usage(Tier.SLOW).usedBytes(), "seed " + seed);
  }

  private Void disturb(List<byte[]> blobs, Random random) throws IOException {
    for (int i = 0; i < 60; i++) {
      byte[] blob = blobs.get(random.nextInt(blobs.size()));
      Digest name = BlobTierContractTest.nameOf(blob);
      Tier tier = random.nextBoolean() ? Tier.FAST : Tier.SLOW;
      try {
        switch (random.nextInt(4)) {
          case 0 -> put(tier, blob);
          case 1 -> store.move(name, tier);
          case 2 -> store.delete(name);
          default -> assertArrayEquals(blob, get(name));
        }
      } catch (BlobNotFoundException e) {
        assertEquals(name, e.blob()); // another thread deleted it
      }
    }
    return null;
  }

  private Digest put(Tier tier, byte[] bytes) throws IOException {
    try (BlobWriter writer = store.write(tier, bytes.length)) {
      writer.write(ByteBuffer.wrap(bytes));
      return writer.commit();
    }
  }

  private byte[] get(Digest name) throws IOException {
    try (BlobReader reader = store.read(name)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) reader.size());
      reader.read(bytes, 0);
      return bytes.array();
    }
  }
}
