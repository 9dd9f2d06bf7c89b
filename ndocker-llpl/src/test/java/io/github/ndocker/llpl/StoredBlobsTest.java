package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.Digest;
import io.github.ndocker.spi.BlobTier.TierWriter;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Puts records into a directory that nobody has written, with checksums that are right. */
class StoredBlobsTest {
  private static final long CAPACITY = 8L << 20;
  private static final int PAGE = PageRange.PAGE;
  private static final Digest FORGED = BlobTierContractTest.nameOf(new byte[] {1, 2, 3});

  private PoolPlace place;
  private Digest first;
  private Digest second;
  private int id;
  private long firstPage;

  @BeforeEach
  void storeTwoBlobs() throws IOException {
    place = PoolPlace.create();
    try (LlplTier tier = open()) {
      first = store(tier, 3 * PAGE);
      second = store(tier, 2 * PAGE);
      firstPage = tier.locate(first).get(0).offset() / PAGE;
    }
    id = pool().id();
  }

  @AfterEach
  void removePlace() throws IOException {
    place.close();
  }

  private LlplTier open() throws IOException {
    return LlplTier.open(place.tier(), CAPACITY);
  }

  private Pool pool() throws IOException {
    Pool pool = MappedPools.open(place.pool());
    pool.directory().load(new ArrayList<>());
    return pool;
  }

  private static Digest store(LlplTier tier, int length) throws IOException {
    byte[] bytes = BlobTierContractTest.bytes(length, length);
    Digest name = BlobTierContractTest.nameOf(bytes);
    try (TierWriter writer = tier.write(length)) {
      writer.write(ByteBuffer.wrap(bytes));
      writer.commit(name);
    }
    return name;
  }

  /** What is left, twice, because the second time there must be nothing to drop any more. */
  private void assertLeft(Set<Digest> blobs, int pages) throws IOException {
    for (int time = 0; time < 2; time++) {
      try (LlplTier tier = open()) {
        assertEquals(blobs, tier.blobs().keySet());
        assertEquals((long) pages * PAGE, tier.usage().usedBytes());
        tier.write(CAPACITY - (long) pages * PAGE).close();
      }
    }
    assertEquals(
        blobs.size(), pool().directory().load(new ArrayList<>()).size(), "records that are left");
  }

  private void forge(BlobRecord... records) throws IOException {
    pool().directory().add(List.of(records));
  }

  @Test
  void dropsBlobsThatLieInTheSamePlace() throws IOException {
    forge(new BlobRecord(FORGED, 2 * PAGE, 0, 1, id, firstPage + 1, 2));
    assertLeft(Set.of(second), 2);
  }

  @Test
  void dropsABlobThatLiesOutsideOfTheArenas() throws IOException {
    long end = pool().arenas().get(0).firstFilePage() + pool().arenas().get(0).pages();
    for (long page : new long[] {0, end - 1, 0xffff_ffffL}) {
      forge(new BlobRecord(FORGED, 2 * PAGE, 0, 1, id, page, 2));
      assertLeft(Set.of(first, second), 5);
    }
  }

  @Test
  void dropsABlobInAPoolThatIsNotThere() throws IOException {
    forge(new BlobRecord(FORGED, PAGE, 0, 1, id + 1, firstPage + 50, 1));
    assertLeft(Set.of(first, second), 5);
  }

  @Test
  void dropsABlobWhosePartsAreNotAllThere() throws IOException {
    forge(new BlobRecord(FORGED, 2 * PAGE, 0, 2, id, firstPage + 50, 1));
    assertLeft(Set.of(first, second), 5);
    forge(
        new BlobRecord(FORGED, 2 * PAGE, 0, 2, id, firstPage + 50, 1),
        new BlobRecord(FORGED, 2 * PAGE, 0, 2, id, firstPage + 60, 1));
    assertLeft(Set.of(first, second), 5);
  }

  @Test
  void dropsABlobWhoseLengthIsNotThatOfItsPages() throws IOException {
    for (long length : new long[] {0, PAGE, 2 * PAGE + 1}) {
      forge(new BlobRecord(FORGED, length, 0, 1, id, firstPage + 50, 2));
      assertLeft(Set.of(first, second), 5);
    }
  }

  @Test
  void keepsABlobInPartsThatAreRight() throws IOException {
    forge(
        new BlobRecord(FORGED, 2 * PAGE - 1, 1, 2, id, firstPage + 50, 1),
        new BlobRecord(FORGED, 2 * PAGE - 1, 0, 2, id, firstPage + 60, 1));
    try (LlplTier tier = open()) {
      assertEquals(
          List.of((firstPage + 60) * PAGE, (firstPage + 50) * PAGE),
          tier.locate(FORGED).stream().map(extent -> extent.offset()).toList());
    }
  }
}
