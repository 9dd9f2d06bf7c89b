package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ErofsWriterTest {
  @TempDir Path scratch;

  private static MergedTree tree(byte[] tar) throws IOException {
    LayerIndexer indexer = new LayerIndexer();
    indexer.update(tar, 0, tar.length);
    LayerIndex index = indexer.finish();
    return MergedTree.of(List.of(index));
  }

  private static ContentMap at(byte[] tar) {
    return ContentMap.ofLayers(List.of(new Device(tar.length, "tar")));
  }

  /** Mounts the tar through an image and compares that to what GNU tar unpacks. */
  private void assertShowsWhatTarUnpacks(byte[] tar, String reason) throws IOException {
    LoopMount.assumePossible();
    Path file = Files.write(scratch.resolve("layer.tar"), tar);
    Path unpacked = Files.createDirectories(scratch.resolve("unpacked"));
    Command.run(
        "tar",
        "--xattrs",
        "--xattrs-include=*",
        "--numeric-owner",
        "-xpf",
        file.toString(),
        "--delay-directory-restore",
        "-C",
        unpacked.toString());
    Path image = scratch.resolve("image");
    new ErofsWriter().write(tree(tar), at(tar), image);
    try (LoopMount mount = LoopMount.mount(image, List.of(file), scratch.resolve("mnt"))) {
      TreeComparison.Result result = TreeComparison.compare(unpacked, mount.directory());
      assertEquals(List.of(), result.differences(), reason);
    }
  }

  @Test
  void mountsWhatEveryKindOfFileNeeds() throws IOException {
    TarBuilder tar = new TarBuilder().directory("./").directory("links").directory("dev");
    tar.file("empty", "").file("one", "1").file("long", "x".repeat(70_000));
    tar.pax("mtime", "1700000000.123456789").pax("uid", "100000").file("owned", "text");
    tar.pax("mtime", "-5.5").file("before 1970", "text");
    for (int length : new int[] {1, 99, 400, 447, 448, 449, 480, 511, 512, 513, 1024, 4000}) {
      tar.symlink("links/" + length, "t".repeat(length));
    }
    tar.hardLink("links/hard", "long").hardLink("links/harder", "links/hard");
    tar.entry('6', "dev/fifo", "", new byte[0]);
    byte[] device = TarBuilder.header('3', "dev/char", "", 0);
    device = TarBuilder.patched(device, 329, "0007777\0".getBytes(StandardCharsets.US_ASCII));
    device = TarBuilder.patched(device, 337, "3777777\0".getBytes(StandardCharsets.US_ASCII));
    tar.block(device);
    tar.block(TarBuilder.patched(device, 156, new byte[] {'4'}));
    tar.pax("SCHILY.xattr.user.name", "value").pax("SCHILY.xattr.trusted.x", new byte[] {0, -1, 0});
    tar.pax(
        "SCHILY.xattr.security.capability",
        new byte[] {0, 0, 0, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    tar.file("attributes", "text");
    tar.pax("SCHILY.xattr.user.long", "v".repeat(2000)).directory("attributed");
    tar.pax("SCHILY.xattr.trusted.t", "v".repeat(300)).symlink("links/attributed", "s".repeat(200));
    assertShowsWhatTarUnpacks(tar.finished(), "");
  }

  @Test
  void mountsLargeDirectories() throws IOException {
    TarBuilder tar = new TarBuilder().directory("./").directory("large");
    for (int i = 0; i < 5000; i++) {
      tar.file(
          "large/" + "!-.a~é".charAt(i % 6) + "n".repeat(i % 60) + i, i % 7 == 0 ? "x" + i : "");
    }
    assertShowsWhatTarUnpacks(tar.finished(), "");
  }

  @Test
  void keepsAttributesOnceThatManyFilesHave() throws IOException {
    TarBuilder tar = new TarBuilder().directory("./");
    for (int i = 0; i < 500; i++) {
      tar.pax("SCHILY.xattr.user.label", "system_u:object_r:label" + i % 3);
      tar.pax("SCHILY.xattr.trusted.other", "o".repeat(900));
      tar.pax("SCHILY.xattr.user.own", "own" + i).file("f" + i, "x");
    }
    byte[] finished = tar.finished();
    assertShowsWhatTarUnpacks(finished, "");
    Path image = scratch.resolve("image");
    assertTrue(Files.size(image) < 80_000, Files.size(image) + " bytes");
  }

  @Test
  void mountsAnyTree() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TarBuilder tar = new TarBuilder().directory("./");
    String[] directories = new String[30];
    for (int i = 0; i < directories.length; i++) {
      directories[i] =
          (i == 0 ? "" : directories[random.nextInt(i)] + "/")
              + "d".repeat(1 + random.nextInt(40))
              + i;
      tar.pax("mtime", "" + (1_600_000_000L + random.nextInt(100_000_000)));
      tar.directory(directories[i]);
    }
    for (int i = 0; i < 600; i++) {
      String path = directories[random.nextInt(30)] + "/" + "f".repeat(1 + random.nextInt(200)) + i;
      if (random.nextInt(5) == 0) {
        tar.pax("SCHILY.xattr.user.r", "x".repeat(random.nextInt(600)));
      }
      // a quarter share the time, so that both forms of inodes occur
      String time =
          random.nextInt(4) == 0
              ? "1000"
              : random.nextInt(2_000_000_000) + "." + (100_000_000 + random.nextInt(900_000_000));
      tar.pax("mtime", time);
      // user attributes are for files only
      tar.file(path, "c".repeat(random.nextInt(3) * random.nextInt(5000)));
      if (random.nextInt(10) == 0) {
        // GNU tar leaves a link the metadata of its target, container engines do not
        tar.pax("mtime", time).hardLink(path + "h", path);
      }
      if (random.nextInt(6) == 0) {
        tar.symlink(path + "s", "t".repeat(1 + random.nextInt(600)));
      }
    }
    assertShowsWhatTarUnpacks(tar.finished(), "seed " + seed);
  }

  @Test
  void joinsExtentsOfSeveralDevicesToOneFile() throws IOException {
    LoopMount.assumePossible();
    byte[] content = new byte[40_000];
    new Random(3).nextBytes(content);
    byte[] tar = new TarBuilder().entry('0', "f", "", content).finished();
    byte[] pack = new byte[512 + 8192];
    System.arraycopy(content, 12_288, pack, 512, 8192);
    byte[] damagedTar = tar.clone();
    Arrays.fill(damagedTar, 512 + 12_288, 512 + 12_288 + 8192, (byte) 0);
    List<Path> files =
        List.of(
            Files.write(scratch.resolve("tar"), damagedTar),
            Files.write(scratch.resolve("pack"), pack));
    ContentMap contents =
        new ContentMap() {
          @Override
          public List<Device> devices() {
            return List.of(new Device(tar.length, "tar"), new Device(pack.length, "pack"));
          }

          @Override
          public List<ContentExtent> extents(TreeNode file) {
            return List.of(
                new ContentExtent(0, 4096, 1, 512),
                new ContentExtent(4096, 8192, 1, 512 + 4096),
                new ContentExtent(12_288, 8192, 2, 512),
                new ContentExtent(20_480, 19_520, 1, 512 + 20_480));
          }
        };
    Path image = scratch.resolve("image");
    new ErofsWriter().write(tree(tar), contents, image);
    try (LoopMount mount = LoopMount.mount(image, files, scratch.resolve("mnt"))) {
      assertArrayEquals(content, Files.readAllBytes(mount.directory().resolve("f")));
    }
  }

  @Test
  void satisfiesFsckWithBlocksOfAPage() throws IOException {
    Assumptions.assumeTrue(Command.exists("fsck.erofs"), "fsck.erofs is not installed");
    byte[] tar = new byte[3 * 4096 + 1024];
    byte[] header = TarBuilder.header('0', "file", "", 5000);
    // fillers put the file's data where a page begins
    byte[] fill = new TarBuilder().entry('0', "fill", "", new byte[3072 - 512]).unfinished();
    System.arraycopy(fill, 0, tar, 512, fill.length);
    System.arraycopy(TarBuilder.header('5', "d", "", 0), 0, tar, 0, 512);
    System.arraycopy(header, 0, tar, 4096 - 512, 512);
    MergedTree tree = tree(tar);
    ContentMap contents =
        new ContentMap() {
          @Override
          public List<Device> devices() {
            return List.of(new Device(tar.length, "tar"));
          }

          @Override
          public List<ContentExtent> extents(TreeNode file) {
            // the filler is not aligned; it only has to lie somewhere
            return List.of(new ContentExtent(0, file.inode().size(), 1, 4096));
          }
        };
    Path image = scratch.resolve("image");
    new ErofsWriter(12).write(tree, contents, image);
    Path blob = Files.write(scratch.resolve("blob"), tar);
    Command.run("fsck.erofs", "--device=" + blob, "--extract", image.toString());
  }

  @Test
  void writesTheSameBytesForTheSameTreeAndOthersForAnother() throws IOException {
    byte[] tar = new TarBuilder().file("a/b", "text").symlink("s", "t").finished();
    Path first = scratch.resolve("first");
    Path second = scratch.resolve("second");
    ErofsSummary one = new ErofsWriter().write(tree(tar), at(tar), first);
    ErofsSummary two = new ErofsWriter().write(tree(tar), at(tar), second);
    assertEquals(one, two);
    assertEquals(-1, Files.mismatch(first, second));
    assertEquals(one.bytes(), Files.size(first));
    byte[] other = new TarBuilder().file("a/b", "text").symlink("s", "u").finished();
    assertNotEquals(one.uuid(), new ErofsWriter().write(tree(other), at(other), second).uuid());
    ContentMap renamed = ContentMap.ofLayers(List.of(new Device(tar.length, "else")));
    assertNotEquals(one.uuid(), new ErofsWriter().write(tree(tar), renamed, second).uuid());
  }

  @Test
  void leavesOutAttributesThatLinuxOrOverlayfsWouldMisread() throws IOException {
    byte[] tar =
        new TarBuilder()
            .pax("SCHILY.xattr.trusted.overlay.opaque", "y")
            .pax("SCHILY.xattr.com.example", "x")
            .pax("SCHILY.xattr.user.kept", "x")
            .file("f", "")
            .finished();
    ErofsSummary summary = new ErofsWriter().write(tree(tar), at(tar), scratch.resolve("i"));
    // overlayfs's own are not even in the index
    assertEquals(1, summary.droppedXattrs());
  }

  @Test
  void refusesContentsThatDoNotCoverTheFile() throws IOException {
    byte[] tar = new TarBuilder().file("f", "text").finished();
    ContentMap tooSmall = ContentMap.ofLayers(List.of(new Device(512, "tar")));
    MergedTree tree = tree(tar);
    Path image = scratch.resolve("image");
    ErofsWriter writer = new ErofsWriter();
    assertThrows(IllegalArgumentException.class, () -> writer.write(tree, tooSmall, image));
  }

  @Test
  void costsAColdFileEightBytes() throws IOException {
    byte[] small = new TarBuilder().file("f", "x").finished();
    byte[] large = new TarBuilder().file("f", "x".repeat(5_000_000)).finished();
    Path image = scratch.resolve("image");
    long smallBytes = new ErofsWriter().write(tree(small), at(small), image).bytes();
    assertEquals(smallBytes, new ErofsWriter().write(tree(large), at(large), image).bytes());
    assertTrue(smallBytes <= 2560, smallBytes + " bytes");
  }
}
