package io.github.ndocker.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LayerLimitsTest {
  /** A layer that has a certain number of what is limited, and that number. */
  private record Case(TarBuilder tar, long has) {}

  private static Case of(LayerLimit limit) throws IOException {
    TarBuilder tar = new TarBuilder();
    return switch (limit) {
      case TAR_BYTES -> new Case(tar.file("abc", "x"), 2048);
      case ENTRIES -> new Case(tar.file("a", "").file("b", "").directory("c"), 3);
      case PATH_BYTES -> new Case(tar.file("a/b/c", ""), 5);
      case LINK_BYTES -> new Case(tar.symlink("a", "target"), 6);
      case DEPTH -> new Case(tar.directory("./a//b/c/"), 3);
      case PAX_BYTES -> new Case(tar.raw('g', "pax", "", record()), record().length);
      case GNU_BYTES -> new Case(tar.raw('L', "long", "", new byte[] {'n', 0}).file("f", ""), 2);
      case XATTR_BYTES ->
          new Case(
              tar.pax("SCHILY.xattr.user.a", "12345")
                  .pax("LIBARCHIVE.xattr.user.b", "YQ")
                  .file("f", ""),
              6 + 5 + 6 + 1);
      case SPARSE_EXTENTS -> new Case(sparse(tar, "3", "0,1,5,1,9,1", 3), 3);
      // a chunk of a page is copied, the other one is a hole
      case SPARSE_COST_BYTES -> new Case(sparse(tar, "1", "0,1", 1), 4096 + 2 * 8);
      case FILE_BYTES -> new Case(sparse(tar, "1", "0,1", 1), 8192);
      case CONTENT_BYTES -> new Case(tar.file("a", "123").file("b", "4567"), 7);
      case INDEX_BYTES -> new Case(tar.file("abc", "").symlink("de", "f"), 6);
      case INFLATION_FLOOR_BYTES, INFLATION_RATIO -> new Case(tar, 0);
    };
  }

  private static byte[] record() {
    return TarBuilder.record("comment", "text".getBytes(StandardCharsets.UTF_8));
  }

  private static TarBuilder sparse(TarBuilder tar, String count, String map, int data) {
    tar.pax("GNU.sparse.size", "8192").pax("GNU.sparse.numblocks", count);
    return tar.pax("GNU.sparse.map", map).entry('0', "f", "", new byte[data]);
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.MATCH_NONE, names = "INFLATION.*")
  void eachIsExactAndHasItsOwnError(LayerLimit limit) throws IOException {
    Case layer = of(limit);
    LayerLimits enough = LayerLimits.DEFAULT.with(limit, layer.has);
    LayerIndex unused = TarBuilder.index(layer.tar.finished(), enough);
    LayerLimits tooFew = LayerLimits.DEFAULT.with(limit, layer.has - 1);
    LayerLimitException e =
        assertThrows(
            LayerLimitException.class, () -> TarBuilder.index(layer.tar.finished(), tooFew));
    assertEquals(limit, e.limit());
    assertEquals(layer.has - 1, e.allowed());
  }

  @Test
  void aHeaderThatAnnouncesTooMuchIsRefusedBeforeItsBodyComes() {
    for (char type : new char[] {'x', 'g', 'L', 'K'}) {
      byte[] header = TarBuilder.header(type, "h", "", 1L << 32);
      LayerIndexer indexer = new LayerIndexer();
      LayerLimitException e =
          assertThrows(LayerLimitException.class, () -> indexer.update(header, 0, 512));
      assertEquals(type <= 'L' ? LayerLimit.GNU_BYTES : LayerLimit.PAX_BYTES, e.limit());
    }
  }

  @Test
  void inflationHasAFloorAndARatio() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(new byte[1 << 20]);
    }
    byte[] layer = out.toByteArray();
    assertEquals(1 << 20, inflated(layer, LayerLimits.DEFAULT.withInflation(1 << 20, 1)));
    assertEquals(1 << 20, inflated(layer, LayerLimits.DEFAULT.withInflation(1, 2000)));
    ExcessiveInflationException e =
        assertThrows(
            ExcessiveInflationException.class,
            () -> inflated(layer, LayerLimits.DEFAULT.withInflation((1 << 20) - 1, 100)));
    assertEquals(LayerLimit.INFLATION_RATIO, e.limit());
    assertEquals(100, e.allowed());
  }

  private static long inflated(byte[] layer, LayerLimits limits) throws IOException {
    try (InputStream in = LayerStream.open(new ByteArrayInputStream(layer), limits)) {
      return in.readAllBytes().length;
    }
  }

  @Test
  void aLimitAllowsSomething() {
    assertThrows(
        IllegalArgumentException.class, () -> LayerLimits.DEFAULT.with(LayerLimit.ENTRIES, 0));
  }
}
