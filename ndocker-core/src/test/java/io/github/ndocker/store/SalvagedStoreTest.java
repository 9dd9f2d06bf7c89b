package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a mount reads stays, also if the catalogue has lost rows while it was mounted. */
class SalvagedStoreTest {
  private static final byte[] BYTES = BlobTierContractTest.bytes(1, 500_224);
  private static final Digest NAME = BlobTierContractTest.nameOf(BYTES);
  private static final int FAST_BYTES = 102_400;

  @TempDir private Path directory;
  private StoreOfFiles files;

  @BeforeEach
  void open() throws IOException {
    files = StoreOfFiles.open(directory);
  }

  @AfterEach
  void close() throws IOException {
    files.close();
  }

  private void lose(String table) throws Exception {
    files.close();
    OldCatalogue.alter(directory.resolve("state"), "DELETE FROM " + table);
    files = StoreOfFiles.openSalvaged(directory);
  }

  /** And until its end, whichever process there is. */
  private void assertKeptUntilTheMountIsGone(long bytes) throws IOException {
    assertEquals(0, files.store().sweep());
    assertEquals(bytes, files.usedBytes());
    files = files.reopened();
    assertEquals(0, files.store().sweep());
    assertEquals(bytes, files.usedBytes());
    files.unmount("sb");
    assertEquals(bytes, files.store().sweep());
    assertEquals(0, files.usedBytes());
    files = files.reopened();
    assertEquals(List.of(), files.catalogue().splits().list());
    assertEquals(List.of(), files.catalogue().retired().list());
    assertEquals(List.of(), files.catalogue().leases().list());
  }

  @Test
  void partsThatNoRowNamesAnyMore() throws Exception {
    files.putSplit(BYTES, FAST_BYTES, NAME);
    files.mount("sb", NAME);
    lose("split");
    assertEquals(Optional.empty(), files.store().locate(NAME));
    assertKeptUntilTheMountIsGone(BYTES.length);
  }

  @Test
  void partsOfABlobThatIsDeletedWhenTheLeaseIsLost() throws Exception {
    files.putSplit(BYTES, FAST_BYTES, NAME);
    files.mount("sb", NAME);
    lose("lease");
    assertArrayEquals(BYTES, files.get(NAME));
    assertTrue(files.store().delete(NAME));
    assertKeptUntilTheMountIsGone(BYTES.length);
  }

  @Test
  void partsOfABlobThatNothingNeedsWhenTheLeaseIsLost() throws Exception {
    files.putSplit(BYTES, FAST_BYTES, NAME);
    files.mount("sb", NAME);
    lose("lease");
    assertEquals(Set.of(), files.store().condemn(Set.of(NAME)));
    assertKeptUntilTheMountIsGone(BYTES.length);
  }

  @ParameterizedTest
  @EnumSource
  void partsOfABlobThatIsMovedWhenTheLeaseIsLost(Tier target) throws Exception {
    files.putSplit(BYTES, FAST_BYTES, NAME);
    files.mount("sb", NAME);
    lose("lease");
    files.store().move(NAME, target);
    assertEquals(2L * BYTES.length, files.usedBytes());
    files.unmount("sb");
    assertEquals(BYTES.length, files.store().sweep());
    assertArrayEquals(BYTES, files.get(NAME));
  }

  @ParameterizedTest
  @ValueSource(strings = {"lease", "retired"})
  void aDamagedCopyThatWasSetAside(String lost) throws Exception {
    files.put(Tier.FAST, BYTES);
    files.damage(NAME, 0);
    files.mount("sb", NAME);
    files.put(Tier.FAST, BYTES);
    lose(lost);
    assertArrayEquals(BYTES, files.get(NAME));
    assertTrue(files.store().delete(NAME));
    assertKeptUntilTheMountIsGone(2L * BYTES.length);
  }

  @Test
  void aCopyThatWasSetAsideAndHasNoOtherBesideIt() throws Exception {
    files.put(Tier.FAST, BYTES);
    files.damage(NAME, 0);
    files.mount("sb", NAME);
    files.put(Tier.FAST, BYTES);
    // a process that is killed in the middle of such a commit leaves only that one
    files.close();
    Files.delete(files.fileOf(Tier.FAST, NAME));
    open();
    lose("lease");
    assertEquals(Optional.empty(), files.store().locate(NAME));
    assertKeptUntilTheMountIsGone(BYTES.length);
  }
}
