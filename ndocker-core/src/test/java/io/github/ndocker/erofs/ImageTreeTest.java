package io.github.ndocker.erofs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.EntryType;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageTreeTest {
  @TempDir Path scratch;

  private static MergedTree tree(byte[] tar) throws IOException {
    LayerIndexer indexer = new LayerIndexer();
    indexer.update(tar, 0, tar.length);
    return MergedTree.of(List.of(indexer.finish()));
  }

  private ImageTree open(byte[] tar, int blockBits) throws IOException {
    Path layer = Files.write(scratch.resolve("layer"), tar);
    Path image = scratch.resolve("image");
    new ErofsWriter(blockBits)
        .write(tree(tar), ContentMap.ofLayers(List.of(new Device(tar.length, "layer"))), image);
    return ImageTree.open(image, List.of(layer));
  }

  private static byte[] everything(Random random) throws IOException {
    TarBuilder tar = new TarBuilder().directory("./").directory("d").directory("d/large");
    tar.file("empty", "").file("d/one", "1").file("d/long", "x".repeat(70_000));
    tar.pax("mtime", "1700000000.123456789").pax("uid", "100000").file("owned", "text");
    tar.pax("mtime", "-5.5").file("before 1970", "text");
    for (int length : new int[] {1, 99, 448, 511, 512, 513, 1024, 4000}) {
      tar.symlink("link" + length, "t".repeat(length));
    }
    tar.hardLink("hard", "d/long");
    tar.entry('6', "fifo", "", new byte[0]);
    byte[] device = TarBuilder.header('3', "char", "", 0);
    device = TarBuilder.patched(device, 329, "0007777\0".getBytes(ISO_8859_1));
    tar.block(TarBuilder.patched(device, 337, "3777777\0".getBytes(ISO_8859_1)));
    tar.pax("SCHILY.xattr.user.name", "value").pax("SCHILY.xattr.trusted.x", new byte[] {0, -1});
    tar.pax("SCHILY.xattr.user.long", "v".repeat(2000)).file("attributed", "text");
    for (int i = 0; i < 30; i++) {
      tar.pax("SCHILY.xattr.user.shared", "by many " + i % 2).file("shared" + i, "");
    }
    for (int i = 0; i < 700; i++) {
      byte[] content = new byte[random.nextInt(4) * random.nextInt(3000)];
      random.nextBytes(content);
      tar.entry('0', "d/large/" + "n".repeat(random.nextInt(150)) + i, "", content);
    }
    return tar.finished();
  }

  @Test
  void showsEveryFileWithAllItsAttributesAndBytes() throws IOException {
    long seed = System.nanoTime();
    for (int blockBits : new int[] {9, 12}) {
      TarBuilder files = new TarBuilder();
      byte[] tar = blockBits == 9 ? everything(new Random(seed)) : withoutContents(files);
      Map<Integer, Long> nids = new HashMap<>();
      try (ImageTree image = open(tar, blockBits)) {
        tree(tar)
            .walk(
                (path, node) -> {
                  ImageFile file = image.find(path).orElseThrow();
                  assertSame(image, file, node, tar, "seed " + seed + ": " + path);
                  // hard links are one file
                  assertEquals(
                      file.nid(),
                      nids.computeIfAbsent(node.inode().number(), number -> file.nid()));
                });
      }
    }
  }

  /** A tar's files lie at multiples of 512, so that larger blocks have none. */
  private static byte[] withoutContents(TarBuilder tar) throws IOException {
    tar.directory("./").directory("d").symlink("link", "t".repeat(3000)).file("d/empty", "");
    for (int i = 0; i < 3000; i++) {
      tar.symlink("d/" + "n".repeat(i % 200) + i, "target" + i);
    }
    return tar.finished();
  }

  private static void assertSame(
      ImageTree image, ImageFile file, TreeNode node, byte[] tar, String where) throws IOException {
    Inode inode = node.inode();
    assertEquals(inode.type(), file.type(), where);
    assertEquals(inode.mode(), file.mode(), where);
    assertEquals(inode.uid(), file.uid(), where);
    assertEquals(inode.gid(), file.gid(), where);
    assertEquals(inode.mtimeSeconds(), file.mtimeSeconds(), where);
    assertEquals(inode.mtimeNanos(), file.mtimeNanos(), where);
    assertEquals(inode.nlink(), file.nlink(), where);
    assertEquals(inode.deviceMajor(), file.deviceMajor(), where);
    assertEquals(inode.deviceMinor(), file.deviceMinor(), where);
    assertEquals(inode.xattrs(), image.xattrs(file), where);
    switch (file.type()) {
      case SYMLINK -> assertEquals(inode.symlinkTarget(), image.symlinkTarget(file), where);
      case DIRECTORY ->
          assertEquals(
              node.children().stream().map(TreeNode::name).toList(),
              image.list(file).stream().map(ImageEntry::name).toList(),
              where);
      case REGULAR -> {
        int from = (int) inode.dataOffset();
        assertArrayEquals(
            Arrays.copyOfRange(tar, from, from + (int) inode.size()), bytes(image, file), where);
      }
      default -> assertEquals(0, file.size(), where);
    }
  }

  private static byte[] bytes(ImageTree image, ImageFile file) throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) file.size() + 1);
    // in odd pieces, one of which goes on over the end
    int count = 0;
    while (count >= 0) {
      ByteBuffer piece = ByteBuffer.allocate(1 + (all.position() * 7) % 5000);
      count = image.read(file, piece, all.position());
      assertEquals(Math.max(0, count), piece.position());
      all.put(piece.flip());
    }
    return Arrays.copyOf(all.array(), all.position());
  }

  @Test
  void readsWhatMkfsErofsWrites() throws IOException {
    LoopMount.assumePossible();
    Random random = new Random(11);
    Path files = Files.createDirectories(scratch.resolve("files").resolve("below")).getParent();
    for (int length : new int[] {0, 1, 100, 4000, 4095, 4096, 4097, 8192, 100_000}) {
      byte[] content = new byte[length];
      random.nextBytes(content);
      Path file = Files.write(files.resolve("below").resolve("" + length), content);
      Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
          .write("shared", ByteBuffer.wrap("value".getBytes(ISO_8859_1)));
    }
    Files.createSymbolicLink(files.resolve("link"), Path.of("below/100"));
    Path image = scratch.resolve("image");
    Command.run("mkfs.erofs", "-x", "1", image.toString(), files.toString());
    try (ImageTree read = ImageTree.open(image, List.of())) {
      ImageFile below = read.find(ByteString.utf8("below")).orElseThrow();
      assertEquals(9, read.list(below).size());
      for (ImageEntry entry : read.list(below)) {
        ImageFile file = read.file(entry.nid());
        assertArrayEquals(
            Files.readAllBytes(files.resolve("below").resolve(entry.name().toString())),
            bytes(read, file),
            "" + entry);
        assertEquals(
            Map.of(ByteString.utf8("user.shared"), ByteString.utf8("value")), read.xattrs(file));
      }
      ImageFile link = read.find(ByteString.utf8("link")).orElseThrow();
      assertEquals(ByteString.utf8("below/100"), read.symlinkTarget(link));
    }
  }

  @Test
  void followsSymbolicLinksInsideTheRootOnly() throws IOException {
    TarBuilder tar = new TarBuilder().directory("a").directory("a/b").file("a/b/f", "here");
    tar.symlink("up", "../../../a").symlink("a/b/absolute", "/up/b").symlink("loop", "/loop");
    tar.symlink("a/self", "./b/../b/./f").symlink("nowhere", "a/none").symlink("file", "a/b/f");
    try (ImageTree image = open(tar.finished(), 9)) {
      for (String path :
          List.of(
              "a/b/f",
              "/a//b/./f",
              "up/b/f",
              "a/b/absolute/f",
              "a/self",
              "../../etc/../a/b/f".replace("etc/../", ""),
              "file")) {
        ImageFile found = image.resolve(ByteString.utf8(path)).orElseThrow(AssertionError::new);
        assertArrayEquals("here".getBytes(ISO_8859_1), bytes(image, found), path);
      }
      for (String path : List.of("nowhere", "a/b/f/g", "a/b/f/..", "file/x", "none", "a/x/../b")) {
        assertTrue(image.resolve(ByteString.utf8(path)).isEmpty(), path);
      }
      assertThrows(FileSystemLoopException.class, () -> image.resolve(ByteString.utf8("loop")));
      assertEquals(Optional.empty(), image.find(ByteString.utf8("up/b")));
      assertEquals(Optional.empty(), image.find(ByteString.utf8("a/..")));
      assertEquals(EntryType.SYMLINK, image.find(ByteString.utf8("up")).orElseThrow().type());
      ImageFile root = image.root();
      assertThrows(
          IllegalArgumentException.class, () -> image.read(root, ByteBuffer.allocate(1), 0));
    }
  }

  @Test
  void refusesWhatIsNoImageOrHasOtherDevices() throws IOException {
    open(new TarBuilder().file("f", "x").finished(), 9).close();
    Path image = scratch.resolve("image");
    assertThrows(MalformedImageException.class, () -> ImageTree.open(image, List.of()));
    Path layer = scratch.resolve("layer");
    assertThrows(MalformedImageException.class, () -> ImageTree.open(image, List.of(layer, layer)));
    assertThrows(MalformedImageException.class, () -> ImageTree.open(layer, List.of()));
    byte[] bytes = Files.readAllBytes(image);
    bytes[1024 + 40] ^= 1;
    Files.write(image, bytes);
    String damaged =
        assertThrows(MalformedImageException.class, () -> ImageTree.open(image, List.of(layer)))
            .getMessage();
    assertTrue(damaged.contains("checksum"), damaged);
  }

  @Test
  void endsInACheckedExceptionWhateverIsDamaged() throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] tar = everything(random);
    open(tar, 9).close();
    Path image = scratch.resolve("image");
    byte[] whole = Files.readAllBytes(image);
    int failed = 0;
    for (int trial = 0; trial < 300; trial++) {
      byte[] damaged = whole.clone();
      for (int flips = random.nextInt(20); flips >= 0; flips--) {
        // behind the superblock, which has a checksum
        int at = 1536 + random.nextInt(damaged.length - 1536);
        damaged[at] = (byte) random.nextInt(256);
      }
      Files.write(
          image,
          random.nextInt(4) > 0 ? damaged : Arrays.copyOf(damaged, random.nextInt(damaged.length)));
      try (ImageTree tree = ImageTree.open(image, List.of(scratch.resolve("layer")))) {
        readAll(tree, tree.root(), 0);
      } catch (IOException e) {
        failed++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", trial " + trial, e);
      }
    }
    assertTrue(failed > 30, "seed " + seed + ": only " + failed + " failed");
  }

  /** To a depth that a directory which names itself does not exceed. */
  private static void readAll(ImageTree tree, ImageFile directory, int depth) throws IOException {
    for (ImageEntry entry : tree.list(directory)) {
      ImageFile file = tree.file(entry.nid());
      tree.xattrs(file);
      switch (file.type()) {
        case DIRECTORY -> {
          if (depth < 3) {
            readAll(tree, file, depth + 1);
          }
        }
        case SYMLINK -> tree.symlinkTarget(file);
        case REGULAR -> tree.read(file, ByteBuffer.allocate(5000), file.size() / 2);
        default -> assertTrue(file.deviceMajor() >= 0);
      }
    }
  }
}
