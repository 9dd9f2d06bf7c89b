package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTierContractTest;
import io.github.ndocker.spi.Faults;
import io.github.ndocker.spi.FaultyMedium;
import io.github.ndocker.spi.FaultyTier;
import io.github.ndocker.spi.PowerSupply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store over two media whose power goes out, and which fail in other ways. */
class PowerCutStoreTest {
  private static final long CAPACITY = 1 << 20;
  private static final int BLOBS = 12;
  private static final byte[] BYTES = BlobTierContractTest.bytes(1, 100_000);
  private static final Digest NAME = BlobTierContractTest.nameOf(BYTES);

  @TempDir private Path directory;
  private final Map<Digest, byte[]> contents = new HashMap<>();

  /** What was acknowledged. */
  private final Set<Digest> stored = new HashSet<>();

  private PowerSupply power;
  private FaultyMedium fastMedium;
  private FaultyMedium slowMedium;
  private Catalogue catalogue;
  private TwoTierStore store;

  @BeforeEach
  void makeMedia() throws IOException {
    Files.createDirectories(directory.resolve("sys").resolve("fs").resolve("erofs"));
    power = new PowerSupply(1);
    fastMedium = new FaultyMedium(directory.resolve("fast"));
    slowMedium = new FaultyMedium(directory.resolve("slow"));
    for (int blob = 0; blob < BLOBS; blob++) {
      byte[] bytes = BlobTierContractTest.bytes(blob, blob * 9_000);
      contents.put(BlobTierContractTest.nameOf(bytes), bytes);
    }
  }

  private void open(Faults fast, Faults slow, boolean behind) throws IOException {
    catalogue = Catalogue.open(directory.resolve("state"));
    Leases leases = Leases.open(catalogue, directory.resolve("sys"), "this boot");
    BlobTier slowTier = new FaultyTier(slowMedium, CAPACITY, slow);
    store =
        TwoTierStore.open(
            new FaultyTier(fastMedium, CAPACITY, fast),
            behind ? new WriteBehindTier(slowTier, 4 << 20) : slowTier,
            leases,
            catalogue);
  }

  @AfterEach
  void close() throws IOException {
    if (store != null) {
      store.close();
      catalogue.close();
    }
    assertEquals(List.of(), fastMedium.misuses());
    assertEquals(List.of(), slowMedium.misuses());
  }

  @Test
  void losesNothingAndShowsNothingElseWhereverThePowerGoesOut() throws IOException {
    Random random = seeded();
    for (int cut = 0; cut < 150; cut++) {
      run(random, Faults.none(power), Faults.none(power));
    }
  }

  @Test
  void losesNothingWhenForcesFailToo() throws IOException {
    Random random = seeded();
    for (int cut = 0; cut < 80; cut++) {
      run(
          random,
          Faults.none(power).withFailedForce(1 + random.nextInt(4)),
          Faults.none(power).withFailedForce(1 + random.nextInt(4)));
    }
  }

  /** Otherwise the two tests above would show nothing. */
  @Test
  void losesBlobsOnAMediumThatForgetsToForce() {
    Random random = seeded();
    assertThrows(
        AssertionError.class,
        () -> {
          for (int cut = 0; cut < 200; cut++) {
            run(random, Faults.none(power), Faults.none(power).thatForget());
          }
        });
  }

  private static Random seeded() {
    long seed = new Random().nextLong();
    System.out.println("PowerCutStoreTest: seed " + seed);
    return new Random(seed);
  }

  /** Works until the power goes out, starts again, and looks. */
  private void run(Random random, Faults fast, Faults slow) throws IOException {
    boolean behind = random.nextBoolean();
    open(fast, slow, behind);
    if (random.nextInt(10) > 0) {
      power.cutAtStep(1 + random.nextInt(120));
    }
    Set<Digest> uncertain = new HashSet<>();
    for (int step = 0; step < 60 && !power.isOff(); step++) {
      Digest blob = List.copyOf(contents.keySet()).get(random.nextInt(BLOBS));
      try {
        change(random, blob);
      } catch (TierFullException e) {
        assertTrue(e.neededBytes() > 0);
      } catch (BlobNotFoundException e) {
        assertTrue(!stored.contains(e.blob()), "lost before the power went out");
      } catch (IOException e) {
        // a failed deletion may be done or not; a failed write is not
        if (power.isOff()) {
          uncertain.add(blob);
        }
      }
    }
    store.close();
    catalogue.close();
    if (power.isOff() || random.nextBoolean()) {
      fastMedium.powerCut(power);
      slowMedium.powerCut(power);
    }
    power.restore();
    if (random.nextInt(3) == 0) {
      cutTheRecoveryToo(random);
    }
    open(Faults.none(power), Faults.none(power), false);
    look(uncertain);
    store.close();
    catalogue.close();
  }

  private void cutTheRecoveryToo(Random random) throws IOException {
    power.cutAtStep(1 + random.nextInt(4));
    try {
      open(Faults.none(power), Faults.none(power), false);
      store.close();
    } catch (IOException e) {
      assertTrue(power.isOff(), e.toString());
    } finally {
      catalogue.close();
    }
    power.restore();
  }

  private void change(Random random, Digest blob) throws IOException {
    byte[] bytes = contents.get(blob);
    Tier tier = random.nextBoolean() ? Tier.FAST : Tier.SLOW;
    switch (random.nextInt(6)) {
      case 0, 1 -> {
        try (BlobWriter writer = store.write(tier, random.nextBoolean() ? 0 : bytes.length)) {
          writer.write(ByteBuffer.wrap(bytes));
          writer.commit(blob);
        }
        stored.add(blob);
      }
      case 2 -> {
        int seam = bytes.length / 1024 * 512;
        try (SplitBlobWriter writer = store.writeSplit()) {
          writer.write(tier, ByteBuffer.wrap(bytes, 0, seam));
          writer.write(
              tier == Tier.FAST ? Tier.SLOW : Tier.FAST,
              ByteBuffer.wrap(bytes, seam, bytes.length - seam));
          writer.commit(blob);
        }
        stored.add(blob);
      }
      case 3 -> store.move(blob, tier);
      case 4 -> {
        store.delete(blob);
        stored.remove(blob);
      }
      default -> {
        if (stored.contains(blob)) {
          assertArrayEquals(bytes, read(blob));
        }
        store.sweep();
      }
    }
  }

  private void look(Set<Digest> uncertain) throws IOException {
    Set<Digest> found = new HashSet<>(store.blobs(Tier.FAST));
    found.addAll(store.blobs(Tier.SLOW));
    for (Digest blob : uncertain) {
      if (found.contains(blob)) {
        stored.add(blob);
      } else {
        stored.remove(blob);
      }
    }
    assertEquals(stored, found);
    long bytes = 0;
    for (Digest blob : found) {
      assertArrayEquals(contents.get(blob), read(blob));
      bytes += contents.get(blob).length;
    }
    assertEquals(
        bytes, store.usage(Tier.FAST).usedBytes() + store.usage(Tier.SLOW).usedBytes(), "leaked");
  }

  @Test
  void leavesNoPartOfASplitBlobWhenThePowerGoesOutBetweenTheirDeletions() throws IOException {
    for (int step = 1; step <= 2; step++) {
      open(Faults.none(power), Faults.none(power), false);
      try (SplitBlobWriter writer = store.writeSplit()) {
        writer.write(Tier.FAST, ByteBuffer.wrap(BYTES, 0, 51_200));
        writer.write(Tier.SLOW, ByteBuffer.wrap(BYTES, 51_200, BYTES.length - 51_200));
        writer.commit(NAME);
      }
      power.cutAtStep(step);
      assertThrows(IOException.class, () -> store.delete(NAME));
      store.close();
      catalogue.close();
      power.restore();
      open(Faults.none(power), Faults.none(power), false);
      assertEquals(0, store.usage(Tier.FAST).usedBytes(), "step " + step);
      assertEquals(0, store.usage(Tier.SLOW).usedBytes(), "step " + step);
      store.close();
      catalogue.close();
    }
  }

  @Test
  void keepsTheOriginalWhenACopyShowsAnotherBit() throws IOException {
    open(Faults.none(power), Faults.none(power).withFlippedRead(1), false);
    put(Tier.SLOW);
    assertThrows(DigestMismatchException.class, () -> store.move(NAME, Tier.FAST));
    assertEquals(Set.of(NAME), store.blobs(Tier.SLOW));
    assertEquals(0, store.usage(Tier.FAST).usedBytes());
    store.move(NAME, Tier.FAST);
    assertArrayEquals(BYTES, read(NAME));
  }

  @Test
  void keepsTheOriginalWhenTheCopyCannotBeForced() throws IOException {
    open(Faults.none(power), Faults.none(power).withFailedForce(1), true);
    put(Tier.FAST);
    assertThrows(IOException.class, () -> store.move(NAME, Tier.SLOW));
    assertEquals(Set.of(NAME), store.blobs(Tier.FAST));
    assertEquals(0, store.usage(Tier.SLOW).usedBytes());
    store.move(NAME, Tier.SLOW);
    assertArrayEquals(BYTES, read(NAME));
  }

  private void put(Tier tier) throws IOException {
    try (BlobWriter writer = store.write(tier, 0)) {
      writer.write(ByteBuffer.wrap(BYTES));
      writer.commit(NAME);
    }
  }

  private byte[] read(Digest blob) throws IOException {
    try (BlobReader reader = store.read(blob)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) reader.size());
      reader.read(bytes, 0);
      return bytes.array();
    }
  }
}
