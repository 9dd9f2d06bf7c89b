package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.spi.BlobTier.TierWriter;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FullMediumTest {
  private static final long SIZE = 16 << 20;

  @Test
  void reportsAMediumWithoutSpaceAsAFullTierAndStaysUsable(@TempDir Path scratch) throws Exception {
    Path image = scratch.resolve("image");
    Path mount = Files.createDirectory(scratch.resolve("mount"));
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
    }
    assumeTrue(
        run("mkfs.ext4", "-q", "-F", image.toString())
            && run("mount", "-o", "loop", image.toString(), mount.toString()),
        "mounting needs root, mkfs.ext4 and a loop device");
    try (FileTier tier = FileTier.open(mount.resolve("tier"), 1L << 40)) {
      assertThrows(TierFullException.class, () -> store(tier, (int) SIZE));
      assertEquals(0, tier.usage().usedBytes());
      assertEquals(
          0, mount.resolve("tier").resolve("incoming").toFile().list().length, "left over");
      Digest name = store(tier, 1_000_000);
      assertTrue(tier.blobs().containsKey(name));
    } finally {
      run("umount", mount.toString());
    }
  }

  private static Digest store(FileTier tier, int size) throws IOException {
    byte[] bytes = BlobTierContractTest.bytes(1, size);
    Digest name = BlobTierContractTest.nameOf(bytes);
    try (TierWriter writer = tier.write(0)) {
      writer.write(ByteBuffer.wrap(bytes));
      writer.commit(name);
    }
    return name;
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false; // no such program
    }
  }
}
