package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a store tells its listener. */
class StoreListenerTest {
  private static final byte[] BYTES = BlobTierContractTest.bytes(1, 1_500_160);
  private static final Digest NAME = BlobTierContractTest.nameOf(BYTES);
  private static final String ID = RecordedEvents.name(NAME);

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

  private void assertHeard(String... expected) {
    assertEquals(List.of(expected), events.drain());
  }

  @Test
  void tellsTheLifeOfABlob() throws IOException {
    TwoTierStore store = watched.store();
    watched.put(Tier.SLOW, BYTES);
    assertHeard("stored " + ID + " SLOW 1500160");
    watched.put(Tier.FAST, BYTES);
    assertHeard();
    store.read(NAME).close();
    assertHeard("hit " + ID + " SLOW 1500160");
    store.move(NAME, Tier.FAST);
    assertHeard("moved " + ID + " SLOW FAST 1500160", "freed " + ID + " SLOW 1500160");
    store.move(NAME, Tier.FAST);
    assertHeard();
    store.mounted(Set.of(NAME));
    assertHeard("hit " + ID + " FAST 1500160");
    store.evict(NAME);
    assertHeard(
        "moved " + ID + " FAST SLOW 1500160",
        "freed " + ID + " FAST 1500160",
        "evicted " + ID + " 1500160");
    store.evict(NAME);
    assertHeard();
    store.delete(NAME);
    assertHeard("deleted " + ID, "freed " + ID + " SLOW 1500160");
    store.delete(NAME);
    assertHeard();
  }

  @Test
  void tellsOfBothTiersOfASplitBlob() throws IOException {
    watched.putSplit(BYTES, 512_000, NAME);
    assertHeard("stored " + ID + " SLOW 988160", "stored " + ID + " FAST 512000");
    watched.store().read(NAME).close();
    assertHeard("hit " + ID + " SLOW 988160", "hit " + ID + " FAST 512000");
    watched.store().move(NAME, Tier.FAST);
    assertHeard(
        "moved " + ID + " SLOW FAST 988160",
        "freed " + ID + " SLOW 988160",
        "freed " + ID + " FAST 512000");
  }

  @Test
  void tellsOnceWhatIsKeptForAReaderAndWhenItIsFree() throws IOException {
    watched.put(Tier.FAST, BYTES);
    try (BlobReader reader = watched.store().read(NAME)) {
      events.drain();
      watched.store().move(NAME, Tier.SLOW);
      assertHeard("retired " + ID + " FAST 1500160", "moved " + ID + " FAST SLOW 1500160");
      watched.store().sweep();
      assertHeard();
    }
    assertHeard("freed " + ID + " FAST 1500160");
  }

  @Test
  void tellsWhatIsDamagedAndWhatIsRepaired() throws IOException {
    watched.put(Tier.SLOW, BYTES);
    watched.damage(NAME, 0);
    events.drain();
    assertThrows(DigestMismatchException.class, () -> watched.store().move(NAME, Tier.FAST));
    assertHeard("damaged " + ID + " DigestMismatchException");
    watched.store().delete(NAME);
    events.drain();
    watched.put(Tier.SLOW, BYTES);
    assertHeard("stored " + ID + " SLOW 1500160", "repaired " + ID);
  }

  @Test
  void countsADamagedBlobThatIsStoredAgainInPlaceAsRepaired() throws IOException {
    watched.put(Tier.SLOW, BYTES);
    watched.store().verify(NAME);
    watched.damage(NAME, 0);
    events.drain();
    assertThrows(DigestMismatchException.class, () -> watched.store().verify(NAME));
    assertHeard("damaged " + ID + " DigestMismatchException");
    watched.put(Tier.FAST, BYTES);
    assertHeard(
        "damaged " + ID + " DigestMismatchException",
        "freed " + ID + " SLOW 1500160",
        "stored " + ID + " FAST 1500160",
        "repaired " + ID);
  }

  @Test
  void countsABlobOfWhichAPartWasMissingAsRepaired() throws IOException {
    watched.putSplit(BYTES, 512_000, NAME);
    Path slowPart = watched.file(NAME, 1);
    watched.close();
    Files.delete(slowPart);
    open();
    events.drain();
    watched.put(Tier.SLOW, BYTES);
    assertHeard("stored " + ID + " SLOW 1500160", "repaired " + ID, "freed " + ID + " FAST 512000");
  }

  @Test
  void tellsWhichTierWasTooFull() throws IOException {
    byte[] large = BlobTierContractTest.bytes(2, 9 << 20);
    assertThrows(TierFullException.class, () -> watched.store().write(Tier.FAST, large.length));
    assertHeard("refused FAST " + large.length);
    Digest name = watched.put(Tier.SLOW, large);
    events.drain();
    assertThrows(TierFullException.class, () -> watched.store().move(name, Tier.FAST));
    assertHeard("refused FAST " + large.length);
  }

  @Test
  void goesOnWhateverTheListenerThrows() throws IOException {
    watched.close();
    StoreListener failing =
        new StoreListener() {
          @Override
          public void stored(Digest blob, Tier tier, long bytes) {
            throw new IllegalStateException("a listener with a bug");
          }
        };
    watched = StoreOfFiles.open(directory, failing);
    watched.put(Tier.SLOW, BYTES);
    assertEquals(Tier.SLOW, watched.tierOf(NAME));
  }
}
