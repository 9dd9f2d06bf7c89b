package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damages pools that another process has filled, and opens them in a process that must not die. */
class DamagedPoolTest {
  private static final int HEADER = 4096;

  private static PoolPlace filled;
  private PoolPlace place;

  /** What happens to a pool file. */
  enum Damage {
    HEADER_FLIPPED,
    HEADER_ZERO,
    DESCRIPTOR_NOISE,
    LOGS_NOISE,
    HEAP_NOISE,
    HALF_CUT,
    ALL_CUT,
    A_PAGE_CUT,
    ALL_ZERO;

    void to(Path pool) throws IOException {
      try (RandomAccessFile file = new RandomAccessFile(pool.toFile(), "rw")) {
        switch (this) {
          // in a UUID, where any byte may be right
          case HEADER_FLIPPED -> flip(file, 100);
          case HEADER_ZERO -> write(file, 0, new byte[HEADER]);
          case DESCRIPTOR_NOISE -> write(file, HEADER, noise(HEADER));
          // what PMDK replays when it opens a pool; this kills who maps it
          case LOGS_NOISE -> write(file, 0x31000, noise(1 << 20));
          case HEAP_NOISE -> write(file, 0x300000, noise(1 << 17));
          case HALF_CUT -> file.setLength(file.length() / 2);
          case ALL_CUT -> file.setLength(0);
          case A_PAGE_CUT -> file.setLength(file.length() - HEADER);
          case ALL_ZERO -> write(file, 0, new byte[(int) file.length()]);
        }
      }
    }

    private static void flip(RandomAccessFile file, long at) throws IOException {
      file.seek(at);
      write(file, at, new byte[] {(byte) ~file.read()});
    }

    private static void write(RandomAccessFile file, long at, byte[] bytes) throws IOException {
      file.seek(at);
      file.write(bytes);
    }

    private static byte[] noise(int length) {
      return BlobTierContractTest.bytes(1, length);
    }
  }

  @BeforeAll
  static void fillAPool() throws Exception {
    filled = PoolPlace.create();
    assertEquals("stored 2002944", PoolProcess.outputOf(PoolProcess.start(filled.tier(), "store")));
  }

  @AfterAll
  static void removeFilled() throws IOException {
    filled.close();
  }

  @BeforeEach
  void copyThePool() throws IOException {
    place = PoolPlace.create();
    Files.createDirectory(place.tier());
    for (String file : filled.files()) {
      Files.copy(filled.tier().resolve(file), place.tier().resolve(file));
    }
  }

  @AfterEach
  void removePlace() throws IOException {
    place.close();
  }

  private String say(String command) throws Exception {
    return PoolProcess.outputOf(PoolProcess.start(place.tier(), command));
  }

  /** Where it can start no other JVM. */
  private String listAlone() throws Exception {
    return PoolProcess.outputOf(PoolProcess.startWith(place.tier(), place.tier(), "list"));
  }

  @ParameterizedTest
  @EnumSource
  void isSetAsideAndReplacedIfItWasClosed(Damage damage) throws Exception {
    damage.to(place.pool());
    assertEquals("blobs 0 used 0 capacity 16777216 aside 1", say("list"));
    assertEquals(List.of("lock", "pool-1.damaged-*", "pool-2", "pool-2.closed"), place.files());
  }

  @ParameterizedTest
  @EnumSource
  void isSetAsideAndReplacedIfItWasNotClosed(Damage damage) throws Exception {
    damage.to(place.pool());
    Files.delete(place.tier().resolve("pool-1.closed"));
    assertEquals("blobs 0 used 0 capacity 16777216 aside 1", say("list"));
    assertEquals("blobs 0 used 0 capacity 16777216 aside 0", say("list"));
  }

  @Test
  void leavesTheOtherPoolItsBlobs() throws Exception {
    assertEquals("stored " + (2002944 + 14000128 + 16777216), say("grow"));
    Damage.LOGS_NOISE.to(place.pool());
    assertEquals("blobs 1 used 14000128 capacity 16777216 aside 1", say("list"));
    try (LlplTier tier = LlplTier.open(place.tier(), PoolProcess.CAPACITY);
        BlobReader reader = tier.read(BlobTierContractTest.nameOf(PoolProcess.OTHER_BLOB))) {
      ByteBuffer bytes = ByteBuffer.allocate(PoolProcess.OTHER_BLOB.length);
      reader.read(bytes, 0);
      assertArrayEquals(PoolProcess.OTHER_BLOB, bytes.array());
    }
  }

  @Test
  void isKeptIfAProcessWasMerelyKilledWhileItMappedIt() throws Exception {
    Files.writeString(place.tier().resolve("pool-1.closed"), "mapping\n");
    assertEquals("blobs 1 used 2002944 capacity 16777216 aside 0", say("list"));
    Files.writeString(place.tier().resolve("pool-1.closed"), "no note\n");
    assertEquals("blobs 1 used 2002944 capacity 16777216 aside 0", say("list"));
    Files.delete(place.tier().resolve("pool-1.closed"));
    assertEquals("blobs 1 used 2002944 capacity 16777216 aside 0", say("list"));
  }

  @Test
  void isGivenOneAttemptWhereNoOtherProcessCanTryIt() throws Exception {
    Path note = place.tier().resolve("pool-1.closed");
    Files.delete(note);
    assertEquals("blobs 1 used 2002944 capacity 16777216 aside 0", listAlone());
    Files.delete(note);
    Damage.LOGS_NOISE.to(place.pool());
    assertTrue(!listAlone().startsWith("blobs"), "it should have died");
    assertEquals("mapping\n", Files.readString(note));
    assertEquals("blobs 0 used 0 capacity 16777216 aside 1", listAlone());
  }

  @Test
  void isTriedInAnotherProcessAfterTheHostHasStartedAgain() throws Exception {
    Path note = place.tier().resolve("pool-1.closed");
    List<String> lines = Files.readAllLines(note);
    lines.set(0, "another boot");
    Files.write(note, lines);
    assertEquals("blobs 1 used 2002944 capacity 16777216 aside 0", say("list"));
    Files.write(note, lines);
    Damage.LOGS_NOISE.to(place.pool());
    assertEquals("blobs 0 used 0 capacity 16777216 aside 1", say("list"));
  }

  @Test
  void losesNoMoreThanTheBlobOfADamagedRecord() throws Exception {
    assertEquals("stored " + (2002944 + 14000128 + 16777216), say("grow"));
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    long record = recordIn(place.pool(), PoolProcess.NAME.hex());
    try (RandomAccessFile pool = new RandomAccessFile(place.pool().toFile(), "rw")) {
      long at = record + random.nextInt(BlobRecord.BYTES);
      pool.seek(at);
      int right = pool.read();
      pool.seek(at);
      pool.write(right ^ (1 << random.nextInt(8)));
    }
    assertEquals("blobs 2 used 30777344 capacity 16777216 aside 0", say("list"), "seed " + seed);
    // and its pages are free
    try (LlplTier tier = LlplTier.open(place.tier(), 2 * PoolProcess.CAPACITY)) {
      tier.write(2 * PoolProcess.CAPACITY - 30777344).close();
    }
  }

  /** Where the record of a blob begins: its digest is the last half of it. */
  private static long recordIn(Path pool, String hex) throws IOException {
    byte[] bytes = Files.readAllBytes(pool);
    byte[] digest = HexFormat.of().parseHex(hex);
    for (int at = 32; at <= bytes.length - digest.length; at += 8) {
      byte[] record = Arrays.copyOfRange(bytes, at - 32, at + 32);
      // a transaction's log may hold it too, but not for this slot
      if (Arrays.equals(record, 32, 64, digest, 0, 32)
          && BlobRecord.decode(0, record).isPresent()) {
        return at - 32L;
      }
    }
    throw new AssertionError("no record");
  }
}
