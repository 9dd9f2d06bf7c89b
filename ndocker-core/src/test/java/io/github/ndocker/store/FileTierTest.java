package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.NewerFormatException;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.linux.OpenFiles;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FileTierTest extends BlobTierContractTest {
  private Path root() {
    return directory.resolve("tier");
  }

  @Override
  protected BlobTier open() throws IOException {
    return FileTier.open(root(), CAPACITY);
  }

  @Test
  void countsExactlyTheBytesOfItsBlobs() throws IOException {
    store(bytes(1, 12_345), 99_999);
    assertEquals(12_345, tier.usage().usedBytes());
    assertEquals(1, tier.usage().blobs());
  }

  @Test
  void whatIsMountedIsAtHandUntilItIsDeletedRenamedOrTheTierIsClosed() throws IOException {
    Digest kept = store(bytes(1, 10), 10);
    Digest deleted = store(bytes(2, 10), 10);
    Digest renamed = store(bytes(3, 10), 10);
    Path blobs = root().resolve("blobs").resolve("sha256");
    List<Digest> all = List.of(kept, deleted, renamed, Digest.parse("sha256:" + "ab".repeat(32)));
    all.forEach(tier::mounted);
    all.forEach(tier::mounted);
    assertEquals(3, OpenFiles.below(blobs).stream().filter(Files::isRegularFile).count());
    tier.delete(deleted);
    tier.rename(renamed, Digest.parse("sha256:" + "cd".repeat(32)));
    assertEquals(
        List.of(blobs.resolve(kept.hex()).toRealPath()),
        OpenFiles.below(blobs).stream().filter(file -> !file.endsWith("sha256")).toList());
    tier.close();
    assertEquals(List.of(), OpenFiles.below(blobs));
  }

  @Test
  void discardsOnOpeningWhatACrashLeftHalfWritten() throws IOException {
    Digest name = store(bytes(1, 10), 10);
    Path left = Files.write(root().resolve("incoming").resolve("left"), bytes(2, 1000));
    tier.close();
    tier = open();
    assertFalse(Files.exists(left));
    assertEquals(Map.of(name, 10L), tier.blobs());
  }

  @Test
  void isNotSweptWhileSomebodyWritesToIt() throws IOException {
    Path half = Files.write(root().resolve("incoming").resolve("half"), bytes(2, 1000));
    assertThrows(StoreInUseException.class, this::open);
    assertTrue(Files.exists(half));
  }

  @Test
  void leavesFilesWithOddNamesAlone() throws IOException {
    Path blobs = root().resolve("blobs").resolve("sha256");
    Path readme = Files.writeString(blobs.resolve("README"), "mine");
    Path upper = Files.writeString(blobs.resolve("A".repeat(64)), "mine");
    Path folder = Files.createDirectory(blobs.resolve("a".repeat(64)));
    Path link = Files.createSymbolicLink(blobs.resolve("b".repeat(64)), readme);
    tier.close();
    tier = open();
    assertEquals(Map.of(), tier.blobs());
    assertEquals(0, tier.usage().usedBytes());
    for (Path odd : new Path[] {readme, upper, folder, link}) {
      assertTrue(Files.exists(odd), odd.toString());
    }
  }

  @Test
  void isReadableByItsOwnerAlone() throws IOException {
    Path file = tier.locate(store(bytes(1, 10), 10)).get(0).file();
    assertEquals("rw-------", permissions(file));
    assertEquals("rwx------", permissions(file.getParent()));
    assertEquals("rwx------", permissions(root()));
  }

  @Test
  void keepsAReaderValidThatWasOpenedBeforeADelete() throws IOException {
    byte[] bytes = bytes(1, 100_000);
    Digest name = store(bytes, 0);
    try (BlobReader reader = tier.read(name)) {
      tier.delete(name);
      ByteBuffer found = ByteBuffer.allocate(bytes.length);
      assertEquals(bytes.length, reader.read(found, 0));
      assertArrayEquals(bytes, found.array());
    }
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  @Test
  void isFullBeforeTheReserveOfItsMediumIsTouched() throws IOException {
    long usable = Files.getFileStore(directory).getUsableSpace();
    // others write to the medium too: by far more than the limit leaves
    TierBudget limits = new TierBudget(Long.MAX_VALUE, Math.max(0, usable - (64L << 20)));
    try (FileTier reserved = FileTier.open(directory.resolve("reserved"), limits)) {
      TierFullException full =
          assertThrows(TierFullException.class, () -> reserved.write(usable / 2 + (64L << 20)));
      assertTrue(full.freeBytes() < full.neededBytes(), full.getMessage());
      assertEquals(0, reserved.usage().usedBytes());
    }
  }

  @Test
  void refusesADirectoryOfANewerFormat() throws IOException {
    tier.close();
    Path format = root().resolve("format");
    assertEquals("1\n", Files.readString(format));
    Files.writeString(format, "2\n");
    NewerFormatException newer = assertThrows(NewerFormatException.class, this::open);
    assertEquals(2, newer.found());
    Files.writeString(format, "?");
    assertThrows(IOException.class, this::open);
    Files.delete(format);
    tier = open();
  }
}
