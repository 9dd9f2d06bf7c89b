package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60) // what hangs fails
@SuppressWarnings("FutureReturnValueIgnored") // events tell the same
class BackgroundMovesTest {
  private static final byte[] LARGE = BlobTierContractTest.bytes(1, 3 << 20);
  private static final Digest LARGE_NAME = BlobTierContractTest.nameOf(LARGE);

  @TempDir private Path directory;
  private final RecordedEvents events = new RecordedEvents();
  private final SteppedTime time = SteppedTime.frozen();

  /** A mebibyte passes, and then nothing. */
  private RateLimit limit = new RateLimit(1, VerifiedCopy.CHUNK, time);

  private RightOfWay urgent = new RightOfWay(Duration.ZERO, time);
  private StoreOfFiles watched;
  private BackgroundMoves moves;

  @BeforeEach
  void open() throws IOException {
    watched = StoreOfFiles.open(directory, events);
    moves = BackgroundMoves.open(watched.store(), watched.catalogue(), limit, urgent);
  }

  @AfterEach
  void close() throws IOException {
    moves.close();
    moves.close();
    watched.close();
  }

  /** As after another start of the process. */
  private void reopen() throws IOException {
    close();
    limit = new RateLimit(RateLimit.UNLIMITED);
    open();
  }

  private Digest small(int seed) throws IOException {
    return watched.put(Tier.SLOW, BlobTierContractTest.bytes(seed, 10_000 + seed));
  }

  private CompletableFuture<Void> stuckInTheMiddle() throws Exception {
    watched.put(Tier.SLOW, LARGE);
    CompletableFuture<Void> done = moves.request(LARGE_NAME, Tier.FAST, 0);
    time.awaitParked();
    assertTrue(watched.store().usage(Tier.FAST).usedBytes() > 0, "there is no copy yet");
    return done;
  }

  private void assertNothingOfTheCopyIsLeft() throws IOException {
    assertEquals(0, watched.store().usage(Tier.FAST).usedBytes());
    assertEquals(0, watched.incoming());
  }

  @Test
  void movesWhatMattersMostFirstAndThenWhatWasAskedForFirst() throws Exception {
    limit.setBytesPerSecond(RateLimit.UNLIMITED);
    List<Digest> blobs = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      blobs.add(small(i));
    }
    events.drain();
    try (RightOfWay.Use use = urgent.take()) {
      moves.request(blobs.get(0), Tier.FAST, -7);
      moves.request(blobs.get(1), Tier.FAST, 3);
      moves.request(blobs.get(2), Tier.FAST, 5);
      moves.request(blobs.get(3), Tier.FAST, 3);
      moves.request(blobs.get(4), Tier.FAST, 5);
      assertEquals(
          List.of(blobs.get(2), blobs.get(4), blobs.get(1), blobs.get(3), blobs.get(0)),
          moves.pending().stream().map(WantedMove::blob).toList());
    }
    for (int i : new int[] {2, 4, 1, 3, 0}) {
      assertEquals(movedToFast(blobs.get(i), 10_000 + i), nextOf("moved"));
    }
  }

  private static String movedToFast(Digest blob, int bytes) {
    return "moved " + RecordedEvents.name(blob) + " SLOW FAST " + bytes;
  }

  /** The next event of a kind. */
  private String nextOf(String kind) throws InterruptedException {
    String event = events.take();
    while (!event.startsWith(kind)) {
      event = events.take();
    }
    return event;
  }

  @Test
  void cancelsInTheMiddleOfACopyAndLeavesNothing() throws Exception {
    CompletableFuture<Void> done = stuckInTheMiddle();
    assertTrue(moves.cancel(LARGE_NAME));
    assertTrue(done.isCancelled());
    assertNothingOfTheCopyIsLeft();
    assertEquals(Tier.SLOW, watched.tierOf(LARGE_NAME));
    assertEquals(List.of(), moves.pending());
    assertFalse(moves.cancel(LARGE_NAME));
    reopen();
    assertEquals(List.of(), moves.pending());
  }

  @Test
  void cancelsWhatHasNotBegun() throws Exception {
    stuckInTheMiddle();
    Digest blob = small(1);
    CompletableFuture<Void> done = moves.request(blob, Tier.FAST, 0);
    assertTrue(moves.cancel(blob));
    assertTrue(done.isCancelled());
    assertEquals(1, moves.pending().size());
  }

  @Test
  void saysWhenItIsTooLateToCancel() throws Exception {
    limit.setBytesPerSecond(RateLimit.UNLIMITED);
    Digest blob = small(1);
    moves.request(blob, Tier.FAST, 0).get();
    assertFalse(moves.cancel(blob));
    assertEquals(Tier.FAST, watched.tierOf(blob));
  }

  @Test
  void keepsTheQueueWhenItIsClosedInTheMiddleOfACopy() throws Exception {
    CompletableFuture<Void> done = stuckInTheMiddle();
    moves.request(small(1), Tier.FAST, 9);
    List<WantedMove> before = moves.pending();
    moves.close();
    ExecutionException unfinished = assertThrows(ExecutionException.class, done::get);
    assertInstanceOf(NDockerException.class, unfinished.getCause());
    assertNothingOfTheCopyIsLeft();
    assertEquals(before, watched.catalogue().moves().list());
    assertThrows(IOException.class, () -> moves.request(LARGE_NAME, Tier.FAST, 0));
    events.drain();
    reopen();
    // the order is kept as well
    assertEquals(movedToFast(before.get(0).blob(), 10_001), nextOf("moved"));
    assertEquals(movedToFast(LARGE_NAME, LARGE.length), nextOf("moved"));
  }

  /** Another process that is in the middle of a copy until it is killed. */
  static final class Mover {
    public static void main(String[] arguments) throws Exception {
      SteppedTime time = SteppedTime.frozen();
      StoreOfFiles watched = StoreOfFiles.open(Path.of(arguments[0]), StoreListener.NONE);
      BackgroundMoves moves =
          BackgroundMoves.open(
              watched.store(),
              watched.catalogue(),
              new RateLimit(1, VerifiedCopy.CHUNK, time),
              new RightOfWay(Duration.ZERO));
      watched.put(Tier.SLOW, LARGE);
      moves.request(LARGE_NAME, Tier.FAST, 4);
      time.awaitParked();
      System.out.println("copying");
      System.in.read();
    }
  }

  @Test
  void goesOnAfterTheProcessWasKilledInTheMiddleOfACopy() throws Exception {
    close();
    try (OtherProcess mover = OtherProcess.start(Mover.class, directory, "copying")) {
      assertEquals(1, watched.incoming(), "there is no copy yet");
    }
    events.drain();
    limit = new RateLimit(RateLimit.UNLIMITED);
    open();
    assertEquals(movedToFast(LARGE_NAME, LARGE.length), nextOf("moved"));
    assertEquals(0, watched.incoming());
    reopen();
    assertEquals(List.of(), moves.pending());
    assertEquals(Tier.FAST, watched.tierOf(LARGE_NAME));
    assertEquals(LARGE.length, watched.store().usage(Tier.FAST).usedBytes());
  }

  @Test
  void replacesAnEarlierRequestForTheSameBlob() throws Exception {
    stuckInTheMiddle();
    Digest blob = small(1);
    Digest other = small(2);
    CompletableFuture<Void> first = moves.request(blob, Tier.FAST, -1);
    moves.request(other, Tier.FAST, -1);
    CompletableFuture<Void> again = moves.request(blob, Tier.FAST, -1);
    assertSame(first, again, "the same move");
    assertEquals(blob, moves.pending().get(2).blob(), "asked for last");
    CompletableFuture<Void> back = moves.request(blob, Tier.SLOW, 0);
    assertNotSame(first, back);
    assertTrue(first.isCancelled());
    assertEquals(3, moves.pending().size());
    limit.setBytesPerSecond(RateLimit.UNLIMITED);
    back.get();
    assertEquals(Tier.SLOW, watched.tierOf(blob));
  }

  @Test
  void replacesTheMoveThatIsUnderWay() throws Exception {
    CompletableFuture<Void> there = stuckInTheMiddle();
    assertSame(there, moves.request(LARGE_NAME, Tier.FAST, 8));
    assertTrue(watched.store().usage(Tier.FAST).usedBytes() > 0, "the copy goes on");
    CompletableFuture<Void> back = moves.request(LARGE_NAME, Tier.SLOW, 0);
    assertTrue(there.isCancelled());
    back.get();
    assertNothingOfTheCopyIsLeft();
    assertEquals(Tier.SLOW, watched.tierOf(LARGE_NAME));
  }

  @Test
  void letsABlobBeReadAndDeletedWhileItIsCopied() throws Exception {
    CompletableFuture<Void> done = stuckInTheMiddle();
    try (BlobReader reader = watched.store().read(LARGE_NAME)) {
      assertEquals(LARGE.length, reader.size());
    }
    watched.store().delete(LARGE_NAME);
    ExecutionException failure = assertThrows(ExecutionException.class, done::get);
    assertInstanceOf(BlobNotFoundException.class, failure.getCause());
    assertNothingOfTheCopyIsLeft();
    assertEquals(0, watched.store().usage(Tier.SLOW).usedBytes());
  }

  @Test
  void letsSomebodyElseMoveTheBlobMeanwhile() throws Exception {
    CompletableFuture<Void> done = stuckInTheMiddle();
    watched.store().move(LARGE_NAME, Tier.FAST);
    done.get();
    assertEquals(Tier.FAST, watched.tierOf(LARGE_NAME));
    assertEquals(LARGE.length, watched.store().usage(Tier.FAST).usedBytes());
    assertEquals(0, watched.incoming());
  }

  @Test
  void usesACopyThatIsThereWhenTheBlobWasThereAndBackMeanwhile() throws Exception {
    CompletableFuture<Void> done = stuckInTheMiddle();
    watched.store().move(LARGE_NAME, Tier.FAST);
    try (BlobReader reader = watched.store().read(LARGE_NAME)) {
      watched.store().move(LARGE_NAME, Tier.SLOW);
      limit.setBytesPerSecond(RateLimit.UNLIMITED);
      done.get();
      moves.request(LARGE_NAME, Tier.FAST, 0).get();
      assertEquals(LARGE.length, reader.read(ByteBuffer.allocate(LARGE.length), 0));
    }
    assertEquals(Tier.FAST, watched.tierOf(LARGE_NAME));
    assertEquals(LARGE.length, watched.store().usage(Tier.FAST).usedBytes());
    assertEquals(0, watched.store().usage(Tier.SLOW).usedBytes());
    watched.store().verify(LARGE_NAME);
  }

  @Test
  void givesUpWhatFailsAndGoesOn() throws Exception {
    limit.setBytesPerSecond(RateLimit.UNLIMITED);
    Digest missing = BlobTierContractTest.nameOf(new byte[] {1});
    Digest tooLarge = watched.put(Tier.SLOW, BlobTierContractTest.bytes(9, 9 << 20));
    Digest damaged = small(1);
    watched.damage(damaged, 0);
    assertFails(BlobNotFoundException.class, missing);
    assertFails(TierFullException.class, tooLarge);
    assertFails(DigestMismatchException.class, damaged);
    Digest good = small(2);
    moves.request(good, Tier.FAST, -9).get();
    assertEquals(Tier.FAST, watched.tierOf(good));
    reopen();
    assertEquals(List.of(), moves.pending());
  }

  private void assertFails(Class<? extends IOException> expected, Digest blob) throws Exception {
    events.drain();
    CompletableFuture<Void> done = moves.request(blob, Tier.FAST, 0);
    assertEquals(
        "move failed " + RecordedEvents.name(blob) + " FAST " + expected.getSimpleName(),
        nextOf("move failed"));
    ExecutionException failure = assertThrows(ExecutionException.class, done::get);
    assertInstanceOf(expected, failure.getCause());
  }

  @Test
  void takesNoSpaceWhileSomethingUrgentGoesOn() throws Exception {
    limit.setBytesPerSecond(RateLimit.UNLIMITED);
    watched.put(Tier.SLOW, LARGE);
    CompletableFuture<Void> done;
    try (RightOfWay.Use use = urgent.take()) {
      done = moves.request(LARGE_NAME, Tier.FAST, 0);
      time.awaitParked();
      assertNothingOfTheCopyIsLeft();
    }
    done.get();
  }

  @Test
  void pausesInTheMiddleOfACopyForWhatIsUrgent() throws Exception {
    CompletableFuture<Void> done = stuckInTheMiddle();
    try (RightOfWay.Use use = urgent.take()) {
      limit.setBytesPerSecond(RateLimit.UNLIMITED);
      time.awaitParked();
      time.awaitParked();
      assertFalse(done.isDone());
      assertEquals(Tier.SLOW, watched.tierOf(LARGE_NAME));
    }
    done.get();
    assertEquals(Tier.FAST, watched.tierOf(LARGE_NAME));
  }

  @Test
  void staysInStepWhenManyThreadsAskCancelReadMoveAndDelete() throws Exception {
    long seed = new Random().nextLong();
    limit.setBytesPerSecond(RateLimit.UNLIMITED);
    List<byte[]> blobs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      blobs.add(BlobTierContractTest.bytes(i, 100_000 + i));
    }
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        Random random = new Random(seed + thread);
        done.add(threads.submit(() -> disturb(blobs, random)));
      }
      for (Future<?> result : done) {
        result.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError("seed " + seed, e);
    } finally {
      threads.shutdownNow();
    }
    moves.close();
    for (byte[] blob : blobs) {
      watched.store().delete(BlobTierContractTest.nameOf(blob));
    }
    assertNothingOfTheCopyIsLeft();
    assertEquals(0, watched.store().usage(Tier.SLOW).usedBytes(), "seed " + seed);
  }

  private Void disturb(List<byte[]> blobs, Random random) throws IOException {
    for (int i = 0; i < 60; i++) {
      byte[] blob = blobs.get(random.nextInt(blobs.size()));
      Digest name = BlobTierContractTest.nameOf(blob);
      Tier tier = random.nextBoolean() ? Tier.FAST : Tier.SLOW;
      try {
        switch (random.nextInt(6)) {
          case 0 -> watched.put(tier, blob);
          case 1 -> watched.store().move(name, tier);
          case 2 -> watched.store().delete(name);
          case 3 -> moves.cancel(name);
          case 4 -> watched.store().read(name).close();
          default -> moves.request(name, tier, random.nextInt(3));
        }
      } catch (BlobNotFoundException e) {
        assertEquals(name, e.blob()); // another thread deleted it
      }
    }
    return null;
  }
}
