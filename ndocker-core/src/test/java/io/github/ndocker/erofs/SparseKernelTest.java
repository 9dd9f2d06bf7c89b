package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Tier;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.SparseTar;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.rootfs.ErofsSource;
import io.github.ndocker.rootfs.Providers;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsProvider;
import io.github.ndocker.rootfs.RootfsWay;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the kernel shows of sparse files. */
class SparseKernelTest {
  @TempDir Path scratch;

  @Test
  void showsSparseFilesOfAllForms() throws IOException {
    LoopMount.assumePossible();
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Random random = new Random(seed);
    TarBuilder tar = new TarBuilder().directory("./");
    Map<String, byte[]> expected = new TreeMap<>();
    List<SparseTar.Form> forms = List.of(SparseTar.Form.values());
    for (int i = 0; i < 80; i++) {
      SparseTar.File file = SparseTar.File.random(random);
      SparseTar.Form form = forms.get(i % forms.size());
      SparseTar.put(tar, form, form + "-" + i, file);
      expected.put(form + "-" + i, file.content());
    }
    Path layer = Files.write(scratch.resolve("layer.tar"), tar.finished());
    Path image = image(layer);
    try (LoopMount mount = LoopMount.mount(image, List.of(layer), scratch.resolve("loops"))) {
      assertShows(expected, mount.directory(), "loop devices, seed " + seed);
    }
    RootfsProvider provider = Providers.in(scratch, RootfsWay.EROFS_FILES);
    try (RootFilesystem mount =
        provider.mount(
            "sparse",
            new ErofsSource(image, List.of(layer), true),
            RootfsOptions.writableIn(scratch.resolve("writable")),
            superblock -> {})) {
      assertShows(expected, mount.image(), "files, seed " + seed);
    }
  }

  @Test
  void showsSparseFilesOfALayerThatLiesInTwoPlaces() throws IOException {
    LoopMount.assumePossible();
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Random random = new Random(seed);
    TarBuilder tar = new TarBuilder().directory("./");
    Map<String, byte[]> expected = new TreeMap<>();
    for (int i = 0; i < 20; i++) {
      SparseTar.File file = SparseTar.File.random(random, random.nextBoolean() ? 4096 : 512);
      SparseTar.put(tar, SparseTar.Form.PAX_1_0, "f" + i, file);
      expected.put("f" + i, file.content());
    }
    byte[] bytes = tar.finished();
    int seam = 512 + 512 * random.nextInt(bytes.length / 512 - 2);
    Path first = Files.write(scratch.resolve("first"), Arrays.copyOf(bytes, seam));
    Path second =
        Files.write(scratch.resolve("second"), Arrays.copyOfRange(bytes, seam, bytes.length));
    BlobLocation location =
        new BlobLocation(
            List.of(
                new BlobExtent(Tier.FAST, first, 0, seam),
                new BlobExtent(Tier.SLOW, second, 0, bytes.length - seam)));
    DiffId layer = DiffId.parse("sha256:" + "0".repeat(64));
    ContentMap contents =
        new TieredContents(
            List.of(layer), List.of(location), List.of(), name -> new BlobOfBytes(bytes));
    Path image = scratch.resolve("tiered");
    MergedTree tree = MergedTree.of(List.of(TarBuilder.index(bytes)));
    ErofsSummary unused = new ErofsWriter().write(tree, contents, image);
    try (LoopMount mount =
        LoopMount.mount(image, List.of(first, second), scratch.resolve("tiers"))) {
      assertShows(expected, mount.directory(), "two files, seed " + seed);
    }
  }

  private static void assertShows(Map<String, byte[]> expected, Path mounted, String reason)
      throws IOException {
    for (Map.Entry<String, byte[]> file : expected.entrySet()) {
      byte[] shown = Files.readAllBytes(mounted.resolve(file.getKey()));
      assertArrayEquals(file.getValue(), shown, file.getKey() + " on " + reason);
    }
  }

  /** Sparse as GNU tar finds and writes it, in each of its own versions. */
  @Test
  void showsWhatGnuTarPacked() throws IOException {
    LoopMount.assumePossible();
    Path packed = Files.createDirectories(scratch.resolve("packed"));
    Random random = new Random(9);
    for (int i = 0; i < 6; i++) {
      try (RandomAccessFile file =
          new RandomAccessFile(packed.resolve("sparse" + i).toFile(), "rw")) {
        for (int part = 0; part < i * 7; part++) {
          byte[] data = new byte[1 + random.nextInt(20_000)];
          random.nextBytes(data);
          file.seek(random.nextInt(10_000_000));
          file.write(data);
        }
        file.setLength(10_000_000L + random.nextInt(10_000));
      }
    }
    for (List<String> options :
        List.of(
            List.of("--format=gnu"),
            List.of("--format=oldgnu"),
            List.of("--format=posix", "--sparse-version=0.0"),
            List.of("--format=posix", "--sparse-version=0.1"),
            List.of("--format=posix", "--sparse-version=1.0"))) {
      Path layer = scratch.resolve("packed.tar");
      Command.run(
          "tar",
          options.get(0),
          options.get(options.size() - 1),
          "--hole-detection=raw",
          "-S",
          "-cf",
          layer.toString(),
          "-C",
          packed.toString(),
          ".");
      // in whole seconds, as most of these formats have times
      Path unpacked = Files.createDirectories(scratch.resolve("unpacked" + options));
      Command.run("tar", "--numeric-owner", "-xpf", layer.toString(), "-C", unpacked.toString());
      try (LoopMount mount =
          LoopMount.mount(image(layer), List.of(layer), scratch.resolve("mnt" + options))) {
        TreeComparison.Result result = TreeComparison.compare(unpacked, mount.directory());
        assertEquals(List.of(), result.differences(), "" + options);
        assertEquals(7, result.files());
      }
    }
  }

  private Path image(Path layer) throws IOException {
    byte[] tar = Files.readAllBytes(layer);
    LayerIndexer indexer = new LayerIndexer();
    indexer.update(tar, 0, tar.length);
    MergedTree tree = MergedTree.of(List.of(indexer.finish()));
    Path image = scratch.resolve("image");
    ContentMap contents = ContentMap.ofLayers(List.of(new Device(tar.length, "tar")));
    ErofsSummary unused = new ErofsWriter().write(tree, contents, image);
    return image;
  }
}
