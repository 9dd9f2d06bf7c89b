package io.github.ndocker.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;

class LayerIndexerTest {
  private static byte[] small() {
    return new TarBuilder()
        .directory("./")
        .directory("etc/")
        .pax("mtime", "-1.25")
        .pax("SCHILY.xattr.user.bytes", new byte[] {0, '\n', '=', -1})
        .file("./etc/passwd", "root")
        .hardLink("etc/shadow", "./etc/passwd")
        .symlink("sh", "bin/" + "x".repeat(150))
        .raw('L', "././@LongLink", "", ("n".repeat(200) + "\0").getBytes(StandardCharsets.US_ASCII))
        .raw('0', "n", "", new byte[700])
        .finished();
  }

  @Test
  void remembersWhereTheDataOfEachFileBegins() throws IOException {
    byte[] tar = small();
    LayerIndex index = TarBuilder.index(tar);
    assertEquals(tar.length, index.tarBytes());
    assertEquals(
        List.of("", "etc", "etc/passwd", "etc/shadow", "sh", "n".repeat(200)),
        index.entries().stream().map(entry -> entry.path().toString()).toList());
    LayerEntry passwd = index.entries().get(2);
    int at = (int) passwd.dataOffset();
    assertEquals("root", new String(tar, at, (int) passwd.size(), StandardCharsets.UTF_8));
    assertEquals(-2, passwd.mtimeSeconds());
    assertEquals(750_000_000, passwd.mtimeNanos());
    assertArrayEquals(
        new byte[] {0, '\n', '=', -1},
        passwd.xattrs().get(ByteString.utf8("user.bytes")).toByteArray());
    assertEquals("etc/passwd", index.entries().get(3).linkTarget().toString());
    assertEquals(154, index.entries().get(4).linkTarget().length());
    assertEquals(700, index.entries().get(5).size());
  }

  @Test
  void theTarMayBeCutBetweenFilesAndInLargeOnes() throws IOException {
    byte[] tar =
        new TarBuilder()
            .file("a", "a".repeat(700))
            .pax("mtime", "-1.25")
            .file("large", "l".repeat(3_300_000))
            .file("empty", "")
            .raw(
                'L',
                "././@LongLink",
                "",
                (("n".repeat(200) + "/").repeat(6) + "n").getBytes(StandardCharsets.US_ASCII))
            .file("long", "n".repeat(512))
            .file("last", "t")
            .finished();
    List<LayerEntry> files = TarBuilder.index(tar).entries();
    Random random = new Random(11);
    LayerIndexer indexer = new LayerIndexer();
    int at = 0;
    while (at < tar.length) {
      assertEquals(nextSeam(files, at), indexer.nextSeam(), "at " + at);
      int count =
          Math.min(tar.length - at, 1 + random.nextInt(random.nextBoolean() ? 900 : 200_000));
      indexer.update(tar, at, count);
      at += count;
    }
    assertEquals(tar.length, indexer.nextSeam());
  }

  private static long nextSeam(List<LayerEntry> files, int from) {
    long seam = (from + 511L) / 512 * 512;
    while (!mayBeCut(files, seam)) {
      seam += 512;
    }
    return seam;
  }

  private static boolean mayBeCut(List<LayerEntry> files, long seam) {
    return files.stream()
        .allMatch(
            file -> {
              long inFile = seam - file.dataOffset();
              return inFile <= 0 || inFile >= file.size() || inFile % LayerIndexer.SEAM_BYTES == 0;
            });
  }

  @Test
  void doesNotCareHowTheBytesAreCut() throws IOException {
    byte[] tar = small();
    LayerIndex whole = TarBuilder.index(tar);
    for (int cut = 0; cut <= tar.length; cut++) {
      LayerIndexer indexer = new LayerIndexer();
      indexer.update(tar, 0, cut);
      indexer.update(tar, cut, tar.length - cut);
      assertEquals(whole, indexer.finish(), "cut at " + cut);
    }
    LayerIndexer bytewise = new LayerIndexer();
    for (int i = 0; i < tar.length; i++) {
      bytewise.update(tar, i, 1);
    }
    assertEquals(whole, bytewise.finish());
  }

  @Test
  void passesOverContentsAndComesToTheSameIndex() throws IOException {
    byte[] tar = small();
    LayerIndexer indexer = new LayerIndexer();
    int skipped = 0;
    for (int at = 0; at < tar.length && !indexer.isEnded(); ) {
      int ahead = (int) indexer.contentsAhead();
      if (ahead > 0) {
        indexer.skip(ahead);
        skipped += ahead;
        at += ahead;
      } else {
        indexer.update(tar, at, 1);
        at++;
      }
    }
    assertTrue(skipped >= 512 + 1024, "passed over " + skipped);
    assertEquals(TarBuilder.index(tar).entries(), indexer.finish().entries());
    assertThrows(IllegalArgumentException.class, () -> indexer.skip(1));
  }

  @Test
  void refusesATarThatEndsInTheMiddleOfAnEntryAndNoOther() throws IOException {
    int withoutZeros = 4 * 512 + "text".length();
    byte[] tar = new TarBuilder().directory("a").pax("mtime", "5").file("b", "text").unfinished();
    for (int length = 0; length <= tar.length; length++) {
      byte[] cut = Arrays.copyOf(tar, length);
      if (length == 0 || length == 512 || length >= withoutZeros) {
        assertEquals(length, TarBuilder.index(cut).tarBytes());
      } else {
        assertThrows(MalformedLayerException.class, () -> TarBuilder.index(cut), "of " + length);
      }
    }
  }

  @Test
  void readsWhatCommonsCompressWrites() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes, "UTF-8")) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
      out.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_STAR);
      TarArchiveEntry entry = new TarArchiveEntry("d/" + "é".repeat(80));
      entry.setUserId(3_000_000_000L);
      entry.setModTime(-5_000);
      entry.setSize(3);
      out.putArchiveEntry(entry);
      out.write(new byte[] {1, 2, 3});
      out.closeArchiveEntry();
      TarArchiveEntry device = new TarArchiveEntry("dev/null", (byte) '3');
      device.setDevMajor(1);
      device.setDevMinor(3);
      out.putArchiveEntry(device);
      out.closeArchiveEntry();
    }
    List<LayerEntry> entries = TarBuilder.index(bytes.toByteArray()).entries();
    assertEquals("d/" + "é".repeat(80), entries.get(0).path().toString());
    assertEquals(3_000_000_000L, Integer.toUnsignedLong(entries.get(0).uid()));
    assertEquals(-5, entries.get(0).mtimeSeconds());
    assertEquals(EntryType.CHARACTER_DEVICE, entries.get(1).type());
    assertEquals(1, entries.get(1).deviceMajor());
    assertEquals(3, entries.get(1).deviceMinor());
  }

  @Test
  void readsArchivesFromBeforePosix() throws IOException {
    byte[] magicless = new byte[8];
    byte[] directory = TarBuilder.header('\0', "old/", "", 0);
    byte[] file = TarBuilder.header('\0', "old/file", "", 0);
    LayerIndex index =
        new TarBuilder()
            .block(TarBuilder.patched(directory, 257, magicless))
            .block(TarBuilder.patched(file, 257, magicless))
            .index();
    assertEquals(EntryType.DIRECTORY, index.entries().get(0).type());
    assertEquals(EntryType.REGULAR, index.entries().get(1).type());
  }

  @Test
  void joinsThePrefixOfUstar() throws IOException {
    byte[] header = TarBuilder.header('0', "name", "", 0);
    byte[] prefix = "some/where".getBytes(StandardCharsets.US_ASCII);
    LayerIndex index = new TarBuilder().block(TarBuilder.patched(header, 345, prefix)).index();
    assertEquals("some/where/name", index.entries().get(0).path().toString());
  }

  @Test
  void takesOddPathsForWhatTheyAreInsideTheRoot() throws IOException {
    TarBuilder longName = new TarBuilder().file("x".repeat(256), "");
    assertThrows(MalformedLayerException.class, longName::index);
    List<String> odd =
        List.of("/a//b", "./a/./b", "a/b", "a/b/", "../a/b", "a/x/../b", "x/../../../a/b");
    for (String path : odd) {
      LayerIndex index = new TarBuilder().directory(path).index();
      assertEquals("a/b", index.entries().get(0).path().toString());
    }
  }

  @Test
  void refusesWhatIsNotPossible() {
    byte[] huge = new byte[12];
    Arrays.fill(huge, (byte) 0x7f);
    huge[0] = (byte) 0x80;
    byte[] negative = new byte[12];
    Arrays.fill(negative, (byte) 0xff);
    byte[] header = TarBuilder.header('0', "f", "", 0);
    byte[] damaged = header.clone();
    damaged[0] ^= 1;
    List<TarBuilder> tars =
        List.of(
            new TarBuilder().block(damaged),
            new TarBuilder().block(TarBuilder.patched(header, 124, huge)),
            new TarBuilder().block(TarBuilder.patched(header, 124, negative)),
            new TarBuilder().block(TarBuilder.header('x', "pax", "", 2_000_000)),
            new TarBuilder().block(TarBuilder.header('L', "long", "", 2_000_000)),
            new TarBuilder().block(TarBuilder.header('V', "volume", "", 0)),
            new TarBuilder().pax("path", "a\0b").file("f", ""),
            new TarBuilder().pax("size", "-1").file("f", ""),
            new TarBuilder().pax("size", "many").file("f", ""),
            new TarBuilder().pax("mtime", "1.x").file("f", ""),
            new TarBuilder().pax("uid", "4294967295").file("f", ""),
            new TarBuilder().raw('x', "pax", "", "5 a=b\n".getBytes(StandardCharsets.UTF_8)),
            new TarBuilder().raw('x', "pax", "", "99 a=b\n".getBytes(StandardCharsets.UTF_8)),
            new TarBuilder()
                .raw('x', "pax", "", "999999999999 a=b".getBytes(StandardCharsets.UTF_8)),
            new TarBuilder().symlink("s", ""),
            new TarBuilder().block(new byte[512]).file("after", "zeros"),
            new TarBuilder().file("", ""));
    for (int i = 0; i < tars.size(); i++) {
      assertThrows(MalformedLayerException.class, tars.get(i)::index, "tar " + i);
    }
  }

  @Test
  void answersAnyDamageWithTheCheckedError() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] tar = small();
    int refused = 0;
    for (int round = 0; round < 3000; round++) {
      byte[] damaged = tar.clone();
      for (int i = 0; i <= random.nextInt(4); i++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      try {
        TarBuilder.index(damaged);
      } catch (MalformedLayerException expected) {
        refused++;
      } catch (RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }
    assertTrue(refused > 0, "seed " + seed);
  }
}
