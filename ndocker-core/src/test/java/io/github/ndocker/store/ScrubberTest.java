package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.linux.PageResidency;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60) // what hangs fails
class ScrubberTest {
  private static final byte[] LARGE = BlobTierContractTest.bytes(1, (3 << 20) + 1_234);
  private static final Digest LARGE_NAME = BlobTierContractTest.nameOf(LARGE);
  private static final byte[] SPLIT = BlobTierContractTest.bytes(2, 1_500_160);
  private static final Digest SPLIT_NAME = BlobTierContractTest.nameOf(SPLIT);

  @TempDir private Path directory;
  private final RecordedEvents events = new RecordedEvents();
  private StoreOfFiles watched;

  @BeforeEach
  void open() throws IOException {
    watched = StoreOfFiles.open(directory, events);
  }

  @AfterEach
  void close() throws IOException {
    watched.close();
  }

  private Optional<IOException> check(Digest blob) throws IOException {
    return BlobCheck.check(watched.store(), blob, Pace.FULL, () -> {});
  }

  @Test
  void findsNothingWrongWithBlobsOfAnySize() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int size : new int[] {0, 1, 511, 512, 4_095, 4_096, 4_097, (1 << 20) - 1, (1 << 20) + 1}) {
      byte[] bytes = BlobTierContractTest.bytes(size, size);
      assertEquals(Optional.empty(), check(watched.put(Tier.SLOW, bytes)), size + " bytes");
    }
    for (int i = 0; i < 10; i++) {
      byte[] bytes = BlobTierContractTest.bytes(i, 1 + random.nextInt(3 << 20));
      Digest name = watched.put(Tier.SLOW, bytes);
      assertEquals(Optional.empty(), check(name), "seed " + seed);
    }
    watched.putSplit(SPLIT, 512_000, SPLIT_NAME);
    assertEquals(Optional.empty(), check(SPLIT_NAME));
    assertEquals(Optional.empty(), check(LARGE_NAME), "there is no such blob");
  }

  @Test
  void findsEveryByteThatIsWrong() throws IOException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    watched.put(Tier.SLOW, LARGE);
    Path file = watched.file(LARGE_NAME, 0);
    for (int i = 0; i < 8; i++) {
      byte[] damaged = LARGE.clone();
      int at = i == 0 ? LARGE.length - 1 : random.nextInt(LARGE.length);
      damaged[at] ^= (byte) (1 << random.nextInt(8));
      Files.write(file, damaged);
      assertTrue(check(LARGE_NAME).isPresent(), "byte " + at + ", seed " + seed);
    }
  }

  @Test
  void reportsWholeAndSplitBlobsThatAreDamagedAndWhatCannotBeReadRoundAfterRound()
      throws Exception {
    watched.put(Tier.SLOW, LARGE);
    watched.putSplit(SPLIT, 512_000, SPLIT_NAME);
    Digest cut = watched.put(Tier.SLOW, BlobTierContractTest.bytes(3, 70_000));
    Digest lost = watched.put(Tier.SLOW, BlobTierContractTest.bytes(4, 70_000));
    watched.put(Tier.SLOW, BlobTierContractTest.bytes(5, 70_000));
    watched.damage(LARGE_NAME, 0);
    watched.damage(SPLIT_NAME, 0);
    Files.write(watched.file(cut, 0), new byte[100]);
    Files.delete(watched.file(lost, 0));
    events.drain();
    try (Scrubber scrubber = Scrubber.start(watched.store(), Pace.FULL, SteppedTime.running())) {
      for (int round = 0; round < 2; round++) {
        Set<String> found = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
          found.add(events.take());
        }
        Set<String> expected = new TreeSet<>();
        expected.add("damaged " + RecordedEvents.name(LARGE_NAME) + " DigestMismatchException");
        expected.add("damaged " + RecordedEvents.name(SPLIT_NAME) + " DigestMismatchException");
        expected.add("damaged " + RecordedEvents.name(cut) + " EOFException");
        expected.add("damaged " + RecordedEvents.name(lost) + " BlobNotFoundException");
        assertEquals(expected, found, "round " + round);
      }
    }
  }

  @Test
  void leavesABlobThatIsDeletedOrMovedInTheMiddle() throws Exception {
    SteppedTime time = SteppedTime.frozen();
    RateLimit limit = new RateLimit(1, VerifiedCopy.CHUNK, time);
    Pace pace = Pace.background(limit, new RightOfWay(Duration.ZERO, time));
    watched.put(Tier.SLOW, LARGE);
    events.drain();
    try (Scrubber scrubber = Scrubber.start(watched.store(), pace, SteppedTime.running())) {
      time.awaitParked();
      watched.store().move(LARGE_NAME, Tier.FAST);
      // the next round is in the middle of the moved one, and soon keeps nothing of the first
      while (watched.store().usage(Tier.SLOW).usedBytes() > 0) {
        Thread.onSpinWait();
      }
      assertEquals(LARGE.length, watched.store().usage(Tier.FAST).usedBytes());
      watched.store().delete(LARGE_NAME);
      while (watched.store().usage(Tier.FAST).usedBytes() > 0) {
        Thread.onSpinWait();
      }
    }
    for (String event : events.drain()) {
      assertTrue(event.matches("(moved|deleted|retired|freed) .*"), event);
    }
  }

  @Test
  void leavesThePageCacheAsItIs() throws Exception {
    watched.close();
    watched = StoreOfFiles.open(directory, StoreListener.NONE);
    watched.put(Tier.SLOW, LARGE);
    Path file = watched.file(LARGE_NAME, 0);
    String type = Files.getFileStore(file).type();
    assumeTrue(Set.of("ext4", "xfs").contains(type), "no direct I/O on " + type);
    assertEquals(
        0,
        new ProcessBuilder("dd", "if=" + file, "iflag=nocache", "count=0")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor());
    assertEquals(0, PageResidency.of(file, LARGE.length).cardinality(), "dropped");
    assertEquals(Optional.empty(), check(LARGE_NAME));
    assertTrue(
        PageResidency.of(file, LARGE.length).cardinality() <= 1, "read through the page cache");
  }
}
