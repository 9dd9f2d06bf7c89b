package io.github.ndocker.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier.Extent;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every tier promises. An implementation's test extends this and says how to open one. */
public abstract class BlobTierContractTest {
  /** Budget of the tier under test. */
  protected static final long CAPACITY = 24L << 20;

  /** A fresh directory per test. */
  @TempDir protected Path directory;

  /** The tier under test. */
  protected BlobTier tier;

  /** For the tests of implementations. */
  protected BlobTierContractTest() {}

  /**
   * Opens the tier in {@link #directory}, which holds what an earlier call left there.
   *
   * @return a tier with a budget of {@link #CAPACITY}
   * @throws IOException if it cannot be opened
   */
  protected abstract BlobTier open() throws IOException;

  /**
   * Opens {@link #tier}.
   *
   * @throws IOException if it cannot be opened
   */
  @BeforeEach
  protected void openTier() throws IOException {
    tier = open();
  }

  /**
   * Closes {@link #tier}.
   *
   * @throws IOException if it cannot be closed
   */
  @AfterEach
  protected void closeTier() throws IOException {
    tier.close();
  }

  @Test
  void givesBackTheBytesOfABlobOfAnySize() throws IOException {
    for (int size : new int[] {0, 1, 511, 512, 4096, 4097, 1 << 20, (1 << 20) + 1, 3_000_001}) {
      byte[] bytes = bytes(size, size);
      Digest name = store(bytes, size);
      assertArrayEquals(bytes, read(name), "blob of " + size + " bytes");
      assertEquals((long) size, tier.blobs().get(name));
    }
  }

  @Test
  void acceptsMoreAndLessThanWasGuessed() throws IOException {
    byte[] bytes = bytes(1, 3_500_000);
    for (long guess : new long[] {0, 1, 1000, 2_000_000, 3_500_000, 9_000_000}) {
      Digest name = store(bytes, guess);
      assertArrayEquals(bytes, read(name), "guessed " + guess);
      tier.delete(name);
      assertEquals(0, tier.usage().usedBytes(), "guessed " + guess);
    }
  }

  @Test
  void acceptsDirectAndReadOnlyBuffersAndConsumesThem() throws IOException {
    byte[] bytes = bytes(2, 100_000);
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    ByteBuffer readOnly = ByteBuffer.wrap(bytes).asReadOnlyBuffer();
    byte[] twice = new byte[200_000];
    System.arraycopy(bytes, 0, twice, 0, bytes.length);
    System.arraycopy(bytes, 0, twice, bytes.length, bytes.length);
    Digest name = nameOf(twice);
    try (TierWriter writer = tier.write(0)) {
      writer.write(direct);
      writer.write(readOnly);
      assertFalse(direct.hasRemaining() || readOnly.hasRemaining());
      writer.commit(name);
    }
    assertArrayEquals(twice, read(name));
  }

  @Test
  void readsAtAnyPositionUntilTheBufferIsFullOrTheBlobEnds() throws IOException {
    byte[] bytes = bytes(3, 1_500_000);
    Digest name = store(bytes, 0);
    try (BlobReader reader = tier.read(name)) {
      assertEquals(bytes.length, reader.size());
      for (ByteBuffer buffer :
          List.of(ByteBuffer.allocate(700_000), ByteBuffer.allocateDirect(700_000))) {
        assertEquals(700_000, reader.read(buffer.clear(), 400_001));
        assertEquals(ByteBuffer.wrap(bytes, 400_001, 700_000), buffer.flip());
        assertEquals(100, reader.read(buffer.clear(), bytes.length - 100));
        assertEquals(ByteBuffer.wrap(bytes, bytes.length - 100, 100), buffer.flip());
        assertEquals(0, reader.read(buffer.clear(), bytes.length));
        assertEquals(0, reader.read(buffer.clear(), Long.MAX_VALUE));
      }
      ByteBuffer slice = ByteBuffer.allocate(100).position(10).slice();
      assertEquals(90, reader.read(slice, 5));
      assertEquals(ByteBuffer.wrap(bytes, 5, 90), slice.flip());
    }
  }

  @Test
  void showsNothingOfABlobBeforeItsCommit() throws IOException {
    byte[] bytes = bytes(4, 2_000_000);
    Digest name = nameOf(bytes);
    try (TierWriter writer = tier.write(bytes.length)) {
      writer.write(ByteBuffer.wrap(bytes));
      assertEquals(Map.of(), tier.blobs());
      assertEquals(List.of(), tier.locate(name));
      assertThrows(BlobNotFoundException.class, () -> tier.read(name));
      assertEquals(0, tier.usage().blobs());
      assertTrue(tier.usage().usedBytes() >= bytes.length, "being written counts as used");
    }
  }

  @Test
  void leavesNothingOfAWriterClosedWithoutCommit() throws IOException {
    store(bytes(5, 1000), 1000);
    long before = tier.usage().usedBytes();
    for (long guess : new long[] {0, 10, 5_000_000}) {
      TierWriter writer = tier.write(guess);
      writer.write(ByteBuffer.wrap(bytes(6, 3_000_000)));
      writer.close();
      writer.close();
      assertEquals(before, tier.usage().usedBytes());
      assertThrows(IOException.class, () -> writer.commit(nameOf(bytes(6, 3_000_000))));
    }
    assertEquals(1, tier.blobs().size());
  }

  @Test
  void keepsOneCopyOfABlobCommittedTwice() throws IOException {
    byte[] bytes = bytes(7, 300_000);
    Digest name = store(bytes, 0);
    long before = tier.usage().usedBytes();
    List<Extent> place = tier.locate(name);
    assertEquals(name, store(bytes, 300_000));
    assertEquals(before, tier.usage().usedBytes());
    assertEquals(place, tier.locate(name));
    assertArrayEquals(bytes, read(name));
  }

  @Test
  void placesEveryBlobWhereTheKernelCanReadItFromTheFile() throws IOException {
    for (int size : new int[] {0, 1, 5000, 1_234_567}) {
      byte[] bytes = bytes(size, size);
      assertArrayEquals(bytes, onFile(store(bytes, size)));
    }
  }

  @Test
  void keepsTheBytesInPlaceUnderAnotherName() throws IOException {
    byte[] bytes = bytes(13, 400_000);
    byte[] others = bytes(14, 10);
    Digest name = store(bytes, 0);
    Digest other = nameOf(others);
    long used = tier.usage().usedBytes();
    try (BlobReader reader = tier.read(name)) {
      tier.rename(name, other);
      ByteBuffer found = ByteBuffer.allocate(bytes.length);
      reader.read(found, 0);
      assertArrayEquals(bytes, found.array());
    }
    assertEquals(Map.of(other, (long) bytes.length), tier.blobs());
    assertArrayEquals(bytes, onFile(other));
    assertEquals(used, tier.usage().usedBytes());
    assertThrows(BlobNotFoundException.class, () -> tier.rename(name, other));
    store(bytes, 0);
    assertThrows(IOException.class, () -> tier.rename(name, other));
    tier.close();
    tier = open();
    assertEquals(Set.of(name, other), tier.blobs().keySet());
    assertArrayEquals(bytes, read(other));
  }

  @Test
  void freesWhatIsDeletedAndIgnoresWhatIsNotThere() throws IOException {
    Digest name = store(bytes(8, 700_000), 700_000);
    tier.delete(name);
    tier.delete(name);
    assertEquals(0, tier.usage().usedBytes());
    assertEquals(Map.of(), tier.blobs());
    assertEquals(List.of(), tier.locate(name));
    assertThrows(BlobNotFoundException.class, () -> tier.read(name));
  }

  @Test
  void saysWhenItIsFullAndStaysUsable() throws IOException {
    TierFullException full = assertThrows(TierFullException.class, () -> tier.write(CAPACITY + 1));
    assertEquals(CAPACITY + 1, full.neededBytes());
    assertThrows(TierFullException.class, () -> tier.write(Long.MAX_VALUE));
    assertThrows(
        TierFullException.class,
        () -> {
          try (TierWriter writer = tier.write(0)) {
            byte[] piece = bytes(9, 1 << 20);
            for (long written = 0; written <= CAPACITY; written += piece.length) {
              writer.write(ByteBuffer.wrap(piece));
            }
            writer.commit(nameOf(piece));
          }
        });
    assertEquals(0, tier.usage().usedBytes());
    byte[] bytes = bytes(10, 5_000_000);
    assertArrayEquals(bytes, read(store(bytes, 0)));
  }

  @Test
  void listsTheSameBlobsWhenOpenedAgain() throws IOException {
    byte[] small = bytes(11, 10);
    byte[] large = bytes(12, 2_000_000);
    Digest first = store(small, 0);
    Digest second = store(large, large.length);
    Map<Digest, Long> blobs = tier.blobs();
    long used = tier.usage().usedBytes();
    tier.close();
    tier.close();
    tier = open();
    assertEquals(blobs, tier.blobs());
    assertEquals(used, tier.usage().usedBytes());
    assertArrayEquals(small, read(first));
    assertArrayEquals(large, read(second));
  }

  @Test
  void servesManyThreads() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        int seed = thread % 4; // so that pairs of threads write the same blobs
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 10; i++) {
                    byte[] bytes = bytes(seed * 100 + i, 10_000 + i);
                    assertArrayEquals(bytes, read(store(bytes, i % 2 == 0 ? 0 : bytes.length)));
                  }
                  return null;
                }));
      }
      for (Future<?> result : done) {
        result.get();
      }
    } finally {
      threads.shutdownNow();
    }
    assertEquals(40, tier.blobs().size());
    for (Digest name : Set.copyOf(tier.blobs().keySet())) {
      tier.delete(name);
    }
    assertEquals(0, tier.usage().usedBytes());
  }

  @Test
  void behavesLikeAMapUnderRandomOperations() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<Digest, byte[]> oracle = new HashMap<>();
    for (int step = 0; step < 150; step++) {
      String when = "step " + step + " of seed " + seed;
      switch (random.nextInt(5)) {
        case 0, 1 -> {
          byte[] bytes = bytes(random.nextInt(50), random.nextInt(600_000));
          oracle.put(store(bytes, random.nextBoolean() ? 0 : random.nextInt(800_000)), bytes);
        }
        case 2 -> {
          try (TierWriter abandoned = tier.write(random.nextInt(500_000))) {
            abandoned.write(ByteBuffer.wrap(bytes(step, random.nextInt(500_000))));
          }
        }
        case 3 -> {
          if (!oracle.isEmpty()) {
            Digest victim = List.copyOf(oracle.keySet()).get(random.nextInt(oracle.size()));
            oracle.remove(victim);
            tier.delete(victim);
          }
        }
        default -> {
          if (random.nextInt(5) == 0) {
            tier.close();
            tier = open();
          }
        }
      }
      while (oracle.size() > 12) {
        Digest oldest = oracle.keySet().iterator().next();
        oracle.remove(oldest);
        tier.delete(oldest);
      }
      assertEquals(oracle.keySet(), tier.blobs().keySet(), when);
    }
    for (Map.Entry<Digest, byte[]> blob : oracle.entrySet()) {
      assertArrayEquals(blob.getValue(), read(blob.getKey()), "seed " + seed);
      tier.delete(blob.getKey());
    }
    assertEquals(0, tier.usage().usedBytes(), "seed " + seed);
  }

  /**
   * Stores a blob.
   *
   * @param bytes its bytes
   * @param guess what the tier is told to expect
   * @return its name
   * @throws IOException if the tier fails
   */
  protected Digest store(byte[] bytes, long guess) throws IOException {
    Digest name = nameOf(bytes);
    try (TierWriter writer = tier.write(guess)) {
      int half = bytes.length / 2;
      writer.write(ByteBuffer.wrap(bytes, 0, half));
      writer.write(ByteBuffer.wrap(bytes, half, bytes.length - half));
      writer.commit(name);
    }
    return name;
  }

  /**
   * Reads a whole blob as the kernel does: from the files that it lies in.
   *
   * @param name its name
   * @return its bytes
   * @throws IOException if a file cannot be read
   */
  protected byte[] onFile(Digest name) throws IOException {
    ByteArrayOutputStream found = new ByteArrayOutputStream();
    List<Extent> extents = tier.locate(name);
    assertFalse(extents.isEmpty());
    for (Extent extent : extents) {
      assertEquals(0, extent.offset() % 512);
      assertTrue(extent.file().isAbsolute());
      byte[] part = new byte[(int) extent.length()];
      try (RandomAccessFile file = new RandomAccessFile(extent.file().toFile(), "r")) {
        file.seek(extent.offset());
        file.readFully(part);
      }
      found.write(part);
    }
    return found.toByteArray();
  }

  /**
   * Reads a whole blob.
   *
   * @param name its name
   * @return its bytes
   * @throws IOException if the tier fails
   */
  protected byte[] read(Digest name) throws IOException {
    try (BlobReader reader = tier.read(name)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) reader.size());
      reader.read(bytes, 0);
      return bytes.array();
    }
  }

  /**
   * Bytes that look random and are always the same.
   *
   * @param seed which ones
   * @param length how many
   * @return the bytes
   */
  public static byte[] bytes(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /**
   * The SHA-256 digest of some bytes.
   *
   * @param bytes the bytes
   * @return their name
   */
  public static Digest nameOf(byte[] bytes) {
    try {
      return Digest.sha256(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
