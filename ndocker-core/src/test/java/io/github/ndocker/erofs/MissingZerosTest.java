package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.SparseTar;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.layer.TreeEntry;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Layers whose tar ends with the last byte of its last file, or in the zeros behind that:
 * containerd takes them, and a loop device has not the whole of their last sector.
 */
class MissingZerosTest {
  private static final int PAGE = 4096;

  @TempDir Path scratch;

  /** How many bytes of the last file are in its last block; what is missing are the others. */
  private static byte[] cut(byte[] tar, int size, int zeros) {
    int all = -size & 511;
    return Arrays.copyOf(tar, tar.length - all + Math.min(all, zeros));
  }

  private static byte[] file(Random random, int size) {
    byte[] content = new byte[size];
    random.nextBytes(content);
    return new TarBuilder().file("first", "1").entry('0', "last", "", content).unfinished();
  }

  @Test
  void containerdTakesThem() throws IOException {
    LoopMount.assumePossible();
    for (String program : List.of("containerd", "ctr", "tar")) {
      Assumptions.assumeTrue(Command.exists(program), program + " is not installed");
    }
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Random random = new Random(seed);
    Path work = Files.createDirectory(scratch.resolve("containerd"));
    try (ContainerdUnpacking containerd = ContainerdUnpacking.start(work.resolve("daemon"))) {
      for (int zeros : new int[] {0, 1, 100}) {
        byte[] layer = cut(file(random, 5000), 5000, zeros);
        TestImage image = TestImage.write(work.resolve("layout" + zeros), List.of(layer));
        Path archive = work.resolve("archive");
        Command.run(
            "tar", "-cf", archive.toString(), "-C", work.resolve("layout" + zeros) + "", ".");
        Path target = work.resolve("unpacked" + zeros);
        BuiltImage built = inOneFile(layer, work.resolve("built" + zeros));
        try (Closeable unpacked = containerd.unpack(archive, image.chainId(), target)) {
          assertShown(new DiskEntry(target), built, zeros + " zeros, seed " + seed);
        }
      }
    } finally {
      Command.run("rm", "-rf", work.toString());
    }
  }

  @Test
  void everyProviderShowsTheirLastFile() throws IOException {
    LoopMount.assumePossible();
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Random random = new Random(seed);
    for (int size : new int[] {1, 511, 513, PAGE - 1, PAGE + 1, 200_001, 5_000_003}) {
      byte[] whole = file(random, size);
      Path work = Files.createDirectory(scratch.resolve("size" + size));
      BuiltImage expected = inOneFile(whole, Files.createDirectory(work.resolve("whole")));
      byte[] layer = cut(whole, size, random.nextInt(3) * random.nextInt(512));
      String reason = size + " bytes, seed " + seed;
      try (Provider.Shown shown = Provider.IMAGE_TREE.show(expected, work)) {
        Path cut = Files.createDirectory(work.resolve("cut"));
        assertShown(shown.root(), inOneFile(layer, cut), reason);
        Path scattered = Files.createDirectory(work.resolve("scattered"));
        assertShown(shown.root(), inPieces(layer, random, scattered), reason + ", in pieces");
      }
    }
  }

  @Test
  void everyProviderShowsSparseFilesThere() throws IOException {
    LoopMount.assumePossible();
    byte[] content = new byte[100_001];
    new Random(3).nextBytes(content);
    Arrays.fill(content, 0, 2 * PAGE, (byte) 0);
    SparseTar.File file =
        new SparseTar.File(content, List.of(new long[] {2 * PAGE, content.length - 2 * PAGE}));
    byte[] whole =
        SparseTar.put(new TarBuilder(), SparseTar.Form.PAX_1_0, "sparse", file).unfinished();
    Path work = Files.createDirectory(scratch.resolve("sparse"));
    byte[] layer = cut(whole, content.length, 0);
    BuiltImage expected = inOneFile(whole, Files.createDirectory(work.resolve("whole")));
    try (Provider.Shown shown = Provider.IMAGE_TREE.show(expected, work)) {
      try (InputStream read = shown.root().children().get("sparse").open()) {
        assertEquals(-1, Arrays.mismatch(content, read.readAllBytes()));
      }
      assertShown(shown.root(), inOneFile(layer, Files.createDirectory(work.resolve("cut"))), "");
    }
  }

  /** What follows in a heap may be of anybody: a mapped page must not show it. */
  @Test
  void whatFollowsThemInAFileIsNotMapped() throws IOException {
    byte[] layer = cut(file(new Random(1), 700), 700, 0);
    Path pool = Files.write(scratch.resolve("pool"), Arrays.copyOf(layer, layer.length + PAGE));
    BlobLocation location = new BlobLocation(Tier.FAST, pool, 0, layer.length);
    MergedTree tree = MergedTree.of(List.of(TarBuilder.index(layer)));
    ContentMap contents = contents(layer, location);
    assertEquals(List.of(700L), contents.cutOff(tree.find("last").orElseThrow()));
    assertEquals(List.of(), contents.cutOff(tree.find("first").orElseThrow()));
  }

  private static BuiltImage inOneFile(byte[] layer, Path directory) throws IOException {
    Path tar = Files.write(Files.createDirectories(directory).resolve("layer"), layer);
    BlobLocation location = new BlobLocation(Tier.FAST, tar, 0, layer.length);
    return BuiltImage.of(
        List.of(TarBuilder.index(layer)),
        List.of(tar),
        contents(layer, location),
        directory.resolve("metadata"));
  }

  private static BuiltImage inPieces(byte[] layer, Random random, Path directory)
      throws IOException {
    BlobLocation location =
        ScatteredBlob.write(
            layer, 2, 512, random, directory.resolve("fast"), directory.resolve("slow"));
    return BuiltImage.of(
        List.of(TarBuilder.index(layer)),
        TieredContents.files(List.of(location), List.of()),
        contents(layer, location),
        directory.resolve("metadata"));
  }

  private static ContentMap contents(byte[] layer, BlobLocation location) throws IOException {
    return new TieredContents(
        List.of(new DiffId(Digest.sha256(new byte[32]))),
        List.of(location),
        List.of(),
        name -> new BlobOfBytes(layer));
  }

  private static void assertShown(TreeEntry expected, BuiltImage image, String reason)
      throws IOException {
    for (Provider provider : Provider.values()) {
      Path work = Files.createTempDirectory(image.metadata().getParent(), "shown");
      try (Provider.Shown shown = provider.show(image, work)) {
        TreeComparison.Result result =
            TreeComparison.compare(expected, shown.root(), path -> !path.isEmpty());
        assertEquals(List.of(), result.differences(), provider + ", " + reason);
      }
    }
  }
}
