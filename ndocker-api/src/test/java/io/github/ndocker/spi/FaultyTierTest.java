package io.github.ndocker.spi;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.Digest;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class FaultyTierTest extends BlobTierContractTest {
  private static final byte[] BYTES = bytes(1, 10_000);
  private static final Digest NAME = nameOf(BYTES);

  private PowerSupply power = new PowerSupply(1);
  private Faults faults = Faults.none(power);
  private FaultyMedium medium;

  @Override
  protected BlobTier open() {
    if (medium == null) {
      medium = new FaultyMedium(directory);
    }
    return new FaultyTier(medium, CAPACITY, faults);
  }

  private void openWith(Faults wanted) {
    faults = wanted;
    tier = open();
  }

  private void startAgain() {
    power.cut();
    medium.powerCut(power);
    power.restore();
    tier = open();
  }

  @Test
  void losesInAPowerCutWhatWasNotCommittedAndNothingElse() throws IOException {
    store(BYTES, 0);
    TierWriter open = tier.write(0);
    open.write(ByteBuffer.wrap(bytes(2, 5_000)));
    open.force();
    startAgain();
    assertEquals(Map.of(NAME, (long) BYTES.length), tier.blobs());
    assertArrayEquals(BYTES, read(NAME));
    assertEquals(BYTES.length, tier.usage().usedBytes());
  }

  @Test
  void tearsTheBytesThatWereCommittedWithoutAForce() throws IOException {
    openWith(faults.thatForget());
    store(BYTES, 0);
    startAgain();
    assertFalse(Arrays.equals(BYTES, read(NAME)), "every byte survived");
  }

  @Test
  void doesNothingMoreWhenThePowerIsOut() throws IOException {
    store(BYTES, 0);
    power.cut();
    assertThrows(PowerCutException.class, () -> tier.delete(NAME));
    assertThrows(PowerCutException.class, () -> store(bytes(2, 10), 0));
    startAgain();
    assertEquals(Set.of(NAME), tier.blobs().keySet());
  }

  @Test
  void leavesEitherStateOfWhatThePowerCutInterrupts() throws IOException {
    Set<Integer> blobsAfterCommit = new HashSet<>();
    Set<Set<Digest>> namesAfterRename = new HashSet<>();
    Digest other = nameOf(new byte[0]);
    for (int seed = 0; seed < 32; seed++) {
      power = new PowerSupply(seed);
      medium = new FaultyMedium(directory.resolve("" + seed));
      openWith(Faults.none(power));
      power.cutAtStep(4); // two writes, a force, the name
      assertThrows(PowerCutException.class, () -> store(BYTES, 0));
      startAgain();
      blobsAfterCommit.add(tier.blobs().size());
      store(BYTES, 0);
      power.cutAtStep(1);
      assertThrows(PowerCutException.class, () -> tier.rename(NAME, other));
      startAgain();
      namesAfterRename.add(tier.blobs().keySet());
      for (Digest left : tier.blobs().keySet()) {
        assertArrayEquals(BYTES, read(left));
      }
    }
    assertEquals(Set.of(0, 1), blobsAfterCommit);
    assertEquals(Set.of(Set.of(NAME), Set.of(other)), namesAfterRename);
  }

  @Test
  void noticesThatABlobWhoseForceFailedIsUsedAgain() throws IOException {
    openWith(faults.withFailedForce(2));
    try (TierWriter writer = tier.write(0)) {
      writer.write(ByteBuffer.wrap(BYTES));
      writer.force();
      assertThrows(IOException.class, () -> writer.commit(NAME));
      assertEquals(List.of(), medium.misuses());
      assertThrows(IOException.class, () -> writer.commit(NAME));
    }
    assertEquals(1, medium.misuses().size());
    assertEquals(0, tier.usage().usedBytes());
    store(BYTES, 0);
    assertArrayEquals(BYTES, read(NAME));
  }

  @Test
  void flipsOneBitOfTheReadItWasToldTo() throws IOException {
    openWith(faults.withFlippedRead(2));
    store(BYTES, 0);
    assertArrayEquals(BYTES, read(NAME));
    byte[] flipped = BYTES.clone();
    flipped[0] ^= 1;
    assertArrayEquals(flipped, read(NAME));
    assertArrayEquals(BYTES, read(NAME));
  }

  @Test
  void makesWritersWaitAndNobodyElse() throws Exception {
    store(BYTES, 0);
    CountDownLatch waiting = new CountDownLatch(1);
    CountDownLatch let = new CountDownLatch(1);
    openWith(
        faults.withSlowness(
            () -> {
              waiting.countDown();
              try {
                let.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            }));
    byte[] others = bytes(2, 100);
    Thread writer =
        new Thread(
            () -> {
              try {
                store(others, 0);
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.start();
    waiting.await();
    assertArrayEquals(BYTES, read(NAME));
    assertEquals(Set.of(NAME), tier.blobs().keySet());
    let.countDown();
    writer.join();
    assertArrayEquals(others, read(nameOf(others)));
  }
}
