package io.github.ndocker.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SparseFilesTest {
  /** What a reader of the file sees. */
  private static byte[] contents(byte[] tar, LayerEntry entry) {
    byte[] contents = new byte[(int) entry.size()];
    if (entry.sparse().isEmpty()) {
      System.arraycopy(tar, (int) entry.dataOffset(), contents, 0, contents.length);
      return contents;
    }
    SparseContents sparse = entry.sparse().get();
    byte[] copies = sparse.copies().toByteArray();
    for (FilePart part : sparse.parts()) {
      byte[] from = part.source() == FilePart.Source.TAR ? tar : copies;
      if (part.source() != FilePart.Source.HOLE) {
        System.arraycopy(
            from, (int) part.offset(), contents, (int) part.fileOffset(), (int) part.length());
      }
    }
    return contents;
  }

  private static LayerEntry only(LayerIndex index) {
    assertEquals(List.of("before", "d/sparse", "after"), paths(index));
    return index.entries().get(1);
  }

  private static List<String> paths(LayerIndex index) {
    return index.entries().stream().map(entry -> entry.path().toString()).toList();
  }

  private static byte[] tar(SparseTar.Form form, SparseTar.File file) {
    TarBuilder tar = new TarBuilder().file("before", "b");
    return SparseTar.put(tar, form, "d/sparse", file).file("after", "a").finished();
  }

  @ParameterizedTest
  @EnumSource
  void servesAnySparseFileByteForByte(SparseTar.Form form) throws IOException {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int fromTar = 0;
    for (int round = 0; round < 200; round++) {
      SparseTar.File file = SparseTar.File.random(random);
      byte[] tar = tar(form, file);
      LayerIndex index = TarBuilder.index(tar);
      LayerEntry entry = only(index);
      String reason = "seed " + seed + ", round " + round;
      assertArrayEquals(file.content(), contents(tar, entry), reason);
      fromTar += entry.sparse().map(sparse -> sparse.tarEnd() > 0).orElse(false) ? 1 : 0;

      LayerIndexer inPieces = new LayerIndexer();
      for (int at = 0; at < tar.length; ) {
        int count = Math.min(tar.length - at, 1 + random.nextInt(3000));
        inPieces.update(tar, at, count);
        at += count;
      }
      assertEquals(index, inPieces.finish(), reason);

      ByteArrayOutputStream encoded = new ByteArrayOutputStream();
      LayerIndexCodec.write(index, encoded);
      ByteArrayInputStream in = new ByteArrayInputStream(encoded.toByteArray());
      assertEquals(index, LayerIndexCodec.read(in, LayerLimits.DEFAULT), reason);
    }
    assertTrue(fromTar > 20, fromTar + " served from the tar, seed " + seed);
  }

  @Test
  void copiesNothingOfWhatIsAligned() throws IOException {
    byte[] content = new byte[100 << 10];
    Arrays.fill(content, 8192, 65_536, (byte) 1);
    SparseTar.File file = new SparseTar.File(content, List.of(new long[] {8192, 57_344}));
    SparseContents sparse =
        only(TarBuilder.index(tar(SparseTar.Form.PAX_1_0, file))).sparse().get();
    assertEquals(0, sparse.copies().length());
    assertEquals(
        List.of(FilePart.Source.HOLE, FilePart.Source.TAR, FilePart.Source.HOLE),
        sparse.parts().stream().map(FilePart::source).toList());
  }

  @Test
  void aFileOfOneTebibyteCostsLittle() throws IOException {
    TarBuilder tar = new TarBuilder().file("before", "b");
    tar.pax("GNU.sparse.size", "" + (1L << 40)).pax("GNU.sparse.numblocks", "1");
    tar.pax("GNU.sparse.map", ((1L << 40) - 512) + ",512");
    LayerIndex index = tar.entry('0', "d/sparse", "", new byte[512]).file("after", "a").index();
    LayerEntry entry = only(index);
    assertEquals(1L << 40, entry.size());
    assertTrue(entry.sparse().get().copies().length() < 8 << 20);
  }

  @Test
  void isCutOnlyAfterASparseFile() throws IOException {
    SparseTar.File file = new SparseTar.File(new byte[3 << 20], List.of(new long[] {0, 3 << 20}));
    byte[] tar = SparseTar.put(new TarBuilder(), SparseTar.Form.OLD, "s", file).unfinished();
    LayerIndexer indexer = new LayerIndexer();
    indexer.update(tar, 0, 1000);
    assertEquals(tar.length, indexer.nextSeam());
  }

  @Test
  void refusesMapsThatCannotBe() {
    List<TarBuilder> tars =
        List.of(
            inHeader("1", "0,10", 512, 20), // less than there is
            inHeader("1", "0,10", 5, 20), // more than there is
            inHeader("1", "15,10", 10, 20), // past the end
            inHeader("2", "5,5,0,5", 10, 20), // backwards
            inHeader("2", "0,6,5,5", 11, 20), // twice
            inHeader("1", "0,9223372036854775807", 10, 20),
            inHeader("1", "9223372036854775807,10", 10, 20),
            inHeader("1", "-1,10", 10, 20),
            inHeader("1", "0,-1", 10, 20),
            inHeader("2", "0,10", 10, 20),
            inHeader("1", "0,5,5,5", 10, 20),
            inHeader("-1", "0,5", 10, 20),
            inHeader("1", "0", 0, 20),
            inHeader("1", "a,b", 0, 20),
            inHeader("1", "0,10", 10, -20),
            inHeader("1", "0,10", 10, Long.MAX_VALUE),
            inHeader("1", "0,10", 10, 20).pax("GNU.sparse.major", "2").file("x", "0123456789"),
            new TarBuilder().paxAgain("GNU.sparse.numbytes", "1").file("f", "x"),
            new TarBuilder().paxAgain("GNU.sparse.offset", "0,1").file("f", "x"),
            new TarBuilder().pax("GNU.sparse.map", "0,0").symlink("s", "t"),
            inData("1\n0\n"),
            inData("1\n0\n5"),
            inData("\n0\n5\n"),
            inData("1 \n0\n5\n"),
            inData("99999999999999999999\n"),
            inData("9999999999999999999\n"),
            inData("1\n0\n1000\n"),
            new TarBuilder().block(TarBuilder.header('S', "star", "", 0)));
    for (int i = 0; i < tars.size(); i++) {
      assertThrows(MalformedLayerException.class, tars.get(i)::index, "tar " + i);
    }
  }

  private static TarBuilder inHeader(String count, String map, int data, long size) {
    TarBuilder tar = new TarBuilder().pax("GNU.sparse.size", "" + size);
    tar.pax("GNU.sparse.numblocks", count).pax("GNU.sparse.map", map);
    return tar.entry('0', "f", "", new byte[data]);
  }

  private static TarBuilder inData(String text) {
    TarBuilder tar = new TarBuilder().pax("GNU.sparse.realsize", "512");
    tar.pax("GNU.sparse.major", "1").pax("GNU.sparse.minor", "0");
    byte[] block = Arrays.copyOf(text.getBytes(StandardCharsets.UTF_8), 512);
    return tar.entry('0', "f", "", block);
  }
}
