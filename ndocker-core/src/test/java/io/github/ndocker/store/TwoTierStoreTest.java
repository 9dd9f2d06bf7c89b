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
  private StoreOfFiles files;

  @BeforeEach
  void open() throws IOException {
    files = StoreOfFiles.open(directory);
  }

  @AfterEach
  void close() throws IOException {
    files.close();
    files.close();
  }

  @Test
  void givesBackWhatWasStoredAndSaysWhere() throws IOException {
    assertEquals(NAME, files.put(Tier.SLOW, BYTES));
    assertArrayEquals(BYTES, files.get(NAME));
    BlobLocation location = files.store().locate(NAME).orElseThrow();
    assertEquals(Tier.SLOW, location.extents().get(0).tier());
    assertArrayEquals(BYTES, Files.readAllBytes(location.extents().get(0).file()));
    assertEquals(Set.of(NAME), files.store().blobs(Tier.SLOW));
    assertEquals(Set.of(), files.store().blobs(Tier.FAST));
    assertEquals(1, files.store().usage(Tier.SLOW).blobs());
  }

  @Test
  void leavesNothingOfABlobWithTheWrongDigest() throws IOException {
    Digest other = BlobTierContractTest.nameOf(new byte[0]);
    try (BlobWriter writer = files.store().write(Tier.FAST, BYTES.length)) {
      writer.write(ByteBuffer.wrap(BYTES));
      DigestMismatchException mismatch =
          assertThrows(DigestMismatchException.class, () -> writer.commit(other));
      assertEquals(NAME, mismatch.found());
      assertThrows(IOException.class, () -> writer.commit(NAME));
    }
    assertEquals(Optional.empty(), files.store().locate(NAME));
    assertEquals(Optional.empty(), files.store().locate(other));
    assertEquals(0, files.store().usage(Tier.FAST).usedBytes());
  }

  @Test
  void keepsTheCopyThatExistsOnAnyTier() throws IOException {
    files.put(Tier.SLOW, BYTES);
    files.put(Tier.FAST, BYTES);
    assertEquals(Tier.SLOW, files.tierOf(NAME));
    assertEquals(0, files.store().usage(Tier.FAST).usedBytes());
  }

  @Test
  void movesABlobBackAndForth() throws IOException {
    files.put(Tier.SLOW, BYTES);
    for (Tier target : List.of(Tier.FAST, Tier.FAST, Tier.SLOW, Tier.FAST)) {
      files.store().move(NAME, target);
      assertEquals(target, files.tierOf(NAME));
      assertArrayEquals(BYTES, files.get(NAME));
      Tier other = target == Tier.FAST ? Tier.SLOW : Tier.FAST;
      assertEquals(0, files.store().usage(other).usedBytes());
    }
    assertThrows(
        BlobNotFoundException.class,
        () -> files.store().move(BlobTierContractTest.nameOf(new byte[0]), Tier.FAST));
  }

  @Test
  void keepsTheOriginalWhenTheTargetIsFull() throws IOException {
    byte[] large = BlobTierContractTest.bytes(2, 9 << 20);
    Digest name = files.put(Tier.SLOW, large);
    assertThrows(TierFullException.class, () -> files.store().move(name, Tier.FAST));
    assertArrayEquals(large, files.get(name));
    assertEquals(0, files.store().usage(Tier.FAST).usedBytes());
  }

  @Test
  void keepsADamagedOriginalFromSpreading() throws IOException {
    files.put(Tier.SLOW, BYTES);
    byte[] damaged = BYTES.clone();
    damaged[700_000]++;
    Files.write(files.file(NAME, 0), damaged);
    assertThrows(DigestMismatchException.class, () -> files.store().move(NAME, Tier.FAST));
    assertEquals(Tier.SLOW, files.tierOf(NAME));
    assertEquals(0, files.store().usage(Tier.FAST).usedBytes());
  }

  @Test
  void keepsAMovedBlobInPlaceWhileASuperblockReadsIt() throws IOException {
    files.put(Tier.FAST, BYTES);
    Path file = files.file(NAME, 0);
    files.mount("nd1", NAME);
    files.store().move(NAME, Tier.SLOW);
    assertEquals(Tier.SLOW, files.tierOf(NAME));
    assertEquals(0, files.store().sweep());
    assertTrue(Files.exists(file));
    assertEquals(BYTES.length, files.store().usage(Tier.FAST).usedBytes());
    assertEquals(0, files.store().usage(Tier.FAST).blobs());
    files.unmount("nd1");
    assertEquals(BYTES.length, files.store().sweep());
    assertFalse(Files.exists(file));
    assertArrayEquals(BYTES, files.get(NAME));
    assertEquals(List.of(), files.catalogue().leases().list());
  }

  @Test
  void keepsADeletedBlobInPlaceWhileAMountIsPrepared() throws IOException {
    files.put(Tier.FAST, BYTES);
    try (Leases.Hold hold = files.leases().hold(Set.of(NAME))) {
      assertTrue(files.store().delete(NAME));
      assertFalse(files.store().delete(NAME));
      assertEquals(Optional.empty(), files.store().locate(NAME));
      assertEquals(0, files.store().sweep());
      hold.close();
      assertEquals(BYTES.length, files.store().sweep());
    }
  }

  @Test
  void countsARetiredCopyAgainWhenItsBlobComesBack() throws IOException {
    files.put(Tier.FAST, BYTES);
    files.mount("nd1", NAME);
    files.store().move(NAME, Tier.SLOW);
    files.store().move(NAME, Tier.FAST);
    files.unmount("nd1");
    assertEquals(BYTES.length, files.store().sweep(), "what was left on the slow tier");
    assertArrayEquals(BYTES, files.get(NAME));
    assertEquals(Tier.FAST, files.tierOf(NAME));
    files.store().delete(NAME);
    files.put(Tier.FAST, BYTES);
    assertArrayEquals(BYTES, files.get(NAME));
  }

  @Test
  void neverShowsAReaderOtherBytes() throws IOException {
    files.put(Tier.FAST, BYTES);
    try (BlobReader first = files.store().read(NAME);
        BlobReader second = files.store().read(NAME)) {
      files.store().move(NAME, Tier.SLOW);
      second.close();
      second.close();
      ByteBuffer found = ByteBuffer.allocate(BYTES.length);
      first.read(found, 0);
      assertArrayEquals(BYTES, found.array());
      assertEquals(BYTES.length, files.store().usage(Tier.FAST).usedBytes());
    }
    assertEquals(0, files.store().usage(Tier.FAST).usedBytes());
  }

  @Test
  void letsTheSlowCopyCountAfterACrashInAMove() throws IOException {
    files.put(Tier.SLOW, BYTES);
    Files.write(files.fileOf(Tier.FAST, NAME), BYTES);
    files = files.reopened();
    assertEquals(Tier.SLOW, files.tierOf(NAME));
    assertEquals(0, files.store().usage(Tier.FAST).usedBytes());
    assertArrayEquals(BYTES, files.get(NAME));
  }

  @Test
  void keepsALeasedFastCopyAcrossARestartInTheMiddleOfAMove() throws IOException {
    files.put(Tier.FAST, BYTES);
    files.mount("nd1", NAME);
    files.store().move(NAME, Tier.SLOW);
    files = files.reopened();
    assertEquals(Tier.SLOW, files.tierOf(NAME));
    assertEquals(BYTES.length, files.store().usage(Tier.FAST).usedBytes());
    files.unmount("nd1");
    assertEquals(BYTES.length, files.store().sweep());
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
      files.store().delete(BlobTierContractTest.nameOf(blob));
    }
    assertEquals(0, files.store().usage(Tier.FAST).usedBytes(), "seed " + seed);
    assertEquals(0, files.store().usage(Tier.SLOW).usedBytes(), "seed " + seed);
  }

  private Void disturb(List<byte[]> blobs, Random random) throws IOException {
    for (int i = 0; i < 60; i++) {
      byte[] blob = blobs.get(random.nextInt(blobs.size()));
      Digest name = BlobTierContractTest.nameOf(blob);
      Tier tier = random.nextBoolean() ? Tier.FAST : Tier.SLOW;
      try {
        switch (random.nextInt(4)) {
          case 0 -> files.put(tier, blob);
          case 1 -> files.store().move(name, tier);
          case 2 -> files.store().delete(name);
          default -> assertArrayEquals(blob, files.get(name));
        }
      } catch (BlobNotFoundException e) {
        assertEquals(name, e.blob()); // another thread deleted it
      }
    }
    return null;
  }
}
