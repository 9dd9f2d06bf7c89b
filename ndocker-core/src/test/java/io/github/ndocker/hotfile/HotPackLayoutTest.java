package io.github.ndocker.hotfile;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.ContentExtent;
import io.github.ndocker.erofs.HotPack;
import io.github.ndocker.erofs.TieredContents;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.layer.TreeNode;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.FileTier;
import io.github.ndocker.store.Leases;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HotPackLayoutTest {
  private static final DiffId LAYER = DiffId.parse("sha256:" + "12".repeat(32));

  @TempDir Path directory;

  private static HotFile file(String path, long... offsetsAndLengths) {
    List<ByteRange> ranges = new ArrayList<>();
    for (int i = 0; i < offsetsAndLengths.length; i += 2) {
      ranges.add(new ByteRange(offsetsAndLengths[i], offsetsAndLengths[i + 1]));
    }
    return new HotFile(path, ranges);
  }

  private static HotPackLayout layout(TarBuilder tar, HotFile... files) throws IOException {
    return HotPackLayout.of(List.of(files), MergedTree.of(List.of(tar.index())), List.of(LAYER), 0);
  }

  /** Offset in the file (whose data begins behind one header), length, offset in the pack. */
  private static List<List<Long>> numbers(HotPackLayout layout, long dataOffset) {
    return layout.ranges().stream()
        .map(range -> List.of(range.layerOffset() - dataOffset, range.length(), range.packOffset()))
        .toList();
  }

  @Test
  void packsWholePagesMergedAndCutAtTheEndOfTheFile() throws IOException {
    TarBuilder tar = new TarBuilder().file("a", "x".repeat(20_000));
    assertEquals(
        List.of(List.of(0L, 8192L, 0L), List.of(16_384L, 3616L, 8192L)),
        numbers(layout(tar, file("/a", 100, 1, 5000, 10, 16_384, 1, 19_999, 500_000)), 512));
    assertEquals(
        List.of(List.of(0L, 20_000L, 0L)),
        numbers(layout(tar, file("/a", 0, Long.MAX_VALUE)), 512));
  }

  @Test
  void isAsLongAsWholeBlocks() throws IOException {
    TarBuilder tar = new TarBuilder().file("a", "x".repeat(5_000));
    assertEquals(5_120, layout(tar, file("/a", 0, 5_000)).bytes());
    assertEquals(0, layout(tar).bytes());
  }

  @Test
  void leavesOutWhatIsNotThere() throws IOException {
    TarBuilder tar =
        new TarBuilder().directory("d/").symlink("l", "a").file("a", "x".repeat(5_000));
    HotPackLayout layout =
        layout(
            tar,
            file("/d", 0, 1),
            file("/l", 0, 1),
            file("/missing", 0, 1),
            file("/a/b", 0, 1),
            file("/a", 8192, 1));
    assertEquals(List.of(), layout.ranges());
  }

  @Test
  void packsAHardLinkOnce() throws IOException {
    TarBuilder tar = new TarBuilder().file("a", "x".repeat(5_000)).hardLink("b", "a");
    assertEquals(
        List.of(List.of(0L, 4096L, 0L), List.of(4096L, 904L, 4096L)),
        numbers(layout(tar, file("/b", 0, 1), file("/a", 0, 5_000)), 512));
  }

  @Test
  void packsEachPartOfAFileWhereItComesFirst() throws IOException {
    TarBuilder tar = new TarBuilder().file("a", "x".repeat(20_000)).file("b", "y".repeat(4096));
    long b = 20_480 + 512;
    assertEquals(
        List.of(
            List.of(8192L, 4096L, 0L),
            List.of(b, 4096L, 4096L),
            List.of(0L, 8192L, 8192L),
            List.of(12_288L, 4096L, 16_384L)),
        numbers(
            layout(
                tar,
                file("/a", 9000, 1),
                file("/b", 0, 1),
                file("/a", 0, 16_000),
                file("/a", 8192, 4096)),
            512));
  }

  @Test
  void keepsTheOrderOfFirstAccess() throws IOException {
    TarBuilder tar = new TarBuilder().file("a", "x".repeat(5_000)).file("b", "y".repeat(5_000));
    HotPackLayout layout = layout(tar, file("/b", 4096, 1), file("/a", 0, 1));
    assertEquals(2, layout.ranges().size());
    assertTrue(layout.ranges().get(0).layerOffset() > layout.ranges().get(1).layerOffset());
    assertEquals(1024, layout.ranges().get(1).packOffset());
  }

  @Test
  void givesTheBytesOfEveryFileWhateverIsPacked() throws IOException {
    long seed = System.nanoTime();
    for (int round = 0; round < 12; round++) {
      Path place = java.nio.file.Files.createDirectory(directory.resolve("round" + round));
      try {
        checkRandomTree(new Random(seed + round), place);
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("seed " + (seed + round), e);
      }
    }
  }

  private static void checkRandomTree(Random random, Path place) throws IOException {
    Map<String, byte[]> expected = new HashMap<>();
    List<LayerIndex> indexes = new ArrayList<>();
    List<DiffId> layers = new ArrayList<>();
    try (Catalogue catalogue = Catalogue.open(place.resolve("state"));
        TwoTierStore store =
            TwoTierStore.open(
                FileTier.open(place.resolve("fast"), 1 << 30),
                FileTier.open(place.resolve("slow"), 1 << 30),
                Leases.open(catalogue),
                catalogue)) {
      int count = 1 + random.nextInt(3);
      for (int layer = 0; layer < count; layer++) {
        TarBuilder tar = new TarBuilder();
        int files = random.nextInt(12);
        for (int i = 0; i < files; i++) {
          String name = "f" + random.nextInt(15);
          byte[] text = randomText(random);
          tar.entry('0', name, "", text);
          expected.put("/" + name, text);
        }
        // two layers are never the same
        byte[] bytes = tar.file("layer" + layer, "").finished();
        indexes.add(TarBuilder.index(bytes));
        try (BlobWriter writer = store.write(Tier.SLOW, bytes.length)) {
          writer.write(ByteBuffer.wrap(bytes));
          layers.add(new DiffId(writer.commit()));
        }
      }
      MergedTree tree = MergedTree.of(indexes);
      HotPackLayout layout =
          HotPackLayout.of(randomProfile(random), tree, layers, random.nextInt(20_000));
      List<HotPack> packs = List.of();
      if (!layout.ranges().isEmpty()) {
        Digest digest = HotPackWriter.write(layout, store, Tier.FAST);
        BlobLocation at = store.locate(digest).orElseThrow();
        assertEquals(layout.bytes(), at.length());
        packs = List.of(new HotPack(digest, at, layout));
      }
      List<BlobLocation> locations =
          layers.stream().map(layer -> store.locate(layer.digest()).orElseThrow()).toList();
      TieredContents contents = new TieredContents(layers, locations, packs, store::read);
      List<Path> devices =
          TieredContents.files(locations, packs.stream().map(HotPack::location).toList());
      for (Map.Entry<String, byte[]> file : expected.entrySet()) {
        TreeNode node = tree.find(file.getKey()).orElseThrow();
        assertArrayEquals(
            file.getValue(), read(contents.extents(node), devices, file.getValue().length));
      }
    }
  }

  private static byte[] randomText(Random random) {
    int length = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(40_000);
    byte[] text = new byte[length];
    random.nextBytes(text);
    return random.nextBoolean()
        ? text
        : Arrays.copyOf("abc".repeat(length / 3 + 1).getBytes(StandardCharsets.US_ASCII), length);
  }

  private static List<HotFile> randomProfile(Random random) {
    List<HotFile> profile = new ArrayList<>();
    for (int name = 14; name >= 0; name -= 1 + random.nextInt(2)) {
      List<ByteRange> ranges = new ArrayList<>();
      long at = random.nextInt(9_000);
      for (int i = random.nextInt(5); i > 0; i--) {
        long length = 1L + random.nextInt(9_000);
        ranges.add(new ByteRange(at, length));
        at += length + 1L + random.nextInt(9_000);
      }
      profile.add(new HotFile("/f" + name, ranges));
    }
    return profile;
  }

  /** Reads as the kernel would: extent by extent, which must join without gaps. */
  private static byte[] read(List<ContentExtent> extents, List<Path> devices, int size)
      throws IOException {
    byte[] bytes = new byte[size];
    long end = 0;
    for (ContentExtent extent : extents) {
      assertEquals(end, extent.fileOffset());
      assertEquals(0, extent.deviceOffset() % 512);
      try (RandomAccessFile device =
          new RandomAccessFile(devices.get(extent.device() - 1).toFile(), "r")) {
        device.seek(extent.deviceOffset());
        device.readFully(bytes, (int) extent.fileOffset(), (int) extent.length());
      }
      end += extent.length();
    }
    assertEquals(size, end);
    return bytes;
  }
}
