package io.github.ndocker.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What archivers have written into tars over the years. */
class TarDialectsTest {
  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static LayerEntry first(TarBuilder tar) throws IOException {
    return tar.index().entries().get(0);
  }

  private static byte[] gnu(byte[] header) {
    return TarBuilder.patched(header, 257, ascii("ustar  \0"));
  }

  @Test
  void base256IsSigned() throws IOException {
    byte[] minusTwo = new byte[12];
    Arrays.fill(minusTwo, (byte) -1);
    minusTwo[11] = -2;
    byte[] large = ascii("\u0080\0\0\0\0\0\0\2\0\0\0\0");
    byte[] header = gnu(TarBuilder.header('0', "f", "", 0));
    LayerEntry before1970 =
        first(new TarBuilder().block(TarBuilder.patched(header, 136, minusTwo)));
    assertEquals(-2, before1970.mtimeSeconds());
    LayerEntry after2038 = first(new TarBuilder().block(TarBuilder.patched(header, 136, large)));
    assertEquals(1L << 33, after2038.mtimeSeconds());
  }

  @Test
  void theSizeOfPaxCountsForTheDataAndForWhatFollows() throws IOException {
    for (long said : new long[] {0, 3, 100_000}) {
      byte[] header = TarBuilder.header('0', "f", "", said);
      LayerIndex index =
          new TarBuilder()
              .pax("size", "600")
              .flushPax()
              .block(header)
              .block(new byte[1024])
              .file("next", "text")
              .index();
      assertEquals(600, index.entries().get(0).size());
      assertEquals("next", index.entries().get(1).path().toString());
    }
  }

  @Test
  void whatIsNoFileHasNoDataWhateverItsSizeSays() throws IOException {
    for (char type : new char[] {'1', '2', '4', '5', '6'}) {
      byte[] header = TarBuilder.header(type, "d", type <= '2' ? "t" : "", 5000);
      LayerIndex index = new TarBuilder().block(header).file("next", "").index();
      assertEquals(2, index.entries().size(), "type " + type);
    }
  }

  @Test
  void emptyRecordsLeaveTheHeaderWhatItSays() throws IOException {
    LayerEntry entry = first(new TarBuilder().pax("path", "").pax("mtime", "").file("f", ""));
    assertEquals("f", entry.path().toString());
    assertEquals(1000, entry.mtimeSeconds());
  }

  @Test
  void globalHeadersAreCheckedAndApplyToNothing() throws IOException {
    byte[] global = TarBuilder.record("path", ascii("global"));
    LayerIndex index = new TarBuilder().raw('g', "g", "", global).file("f", "").index();
    assertEquals("f", index.entries().get(0).path().toString());
    TarBuilder broken = new TarBuilder().raw('g', "g", "", ascii("5 a=b\n"));
    assertThrows(MalformedLayerException.class, broken::index);
    TarBuilder between = new TarBuilder().pax("path", "p").flushPax().raw('g', "g", "", global);
    assertThrows(MalformedLayerException.class, between::index);
  }

  @Test
  void namesAreBytes() throws IOException {
    byte[] name = ascii("d/\u00ff\u0080 \n");
    LayerEntry inPax = first(new TarBuilder().pax("path", name).file("x", ""));
    assertArrayEquals(name, inPax.path().toByteArray());
    byte[] header = TarBuilder.patched(TarBuilder.header('0', "", "", 0), 0, name);
    assertArrayEquals(name, first(new TarBuilder().block(header)).path().toByteArray());
  }

  @Test
  void attributesOfLibarchiveAreDecodedToBytes() throws IOException {
    LayerEntry entry =
        first(
            new TarBuilder()
                .pax("LIBARCHIVE.xattr.user.%C3%A9%ff%3D", "AP8")
                .pax("SCHILY.xattr.user.both", "yes")
                .pax("LIBARCHIVE.xattr.user.both", "bm8=")
                .pax("SCHILY.xattr.user.empty", "")
                .file("f", ""));
    assertEquals(3, entry.xattrs().size());
    ByteString odd = ByteString.of(ascii("user.\u00c3\u00a9\u00ff="));
    assertArrayEquals(new byte[] {0, -1}, entry.xattrs().get(odd).toByteArray());
    assertEquals("yes", entry.xattrs().get(ByteString.utf8("user.both")).toString());
    assertTrue(entry.xattrs().get(ByteString.utf8("user.empty")).isEmpty());
  }

  @Test
  void whatIsForOverlayfsIsLeftOut() throws IOException {
    TarBuilder tar = new TarBuilder().pax("SCHILY.xattr.trusted.overlay.redirect", "/etc");
    tar.pax("LIBARCHIVE.xattr.trusted%2Eoverlay.opaque", "eQ").directory("d");
    assertTrue(first(tar).xattrs().isEmpty());
  }

  @Test
  void starHasTimesWhereUstarHasTheEndOfThePrefix() throws IOException {
    String prefix = "p".repeat(131);
    byte[] header = TarBuilder.patched(TarBuilder.header('0', "n", "", 0), 345, ascii(prefix));
    header = TarBuilder.patched(header, 476, ascii("00000000001 00000000002 "));
    LayerEntry star =
        first(new TarBuilder().block(TarBuilder.patched(header, 508, ascii("tar\0"))));
    assertEquals(prefix + "/n", star.path().toString());
  }

  @Test
  void gnuHasTimesWhereUstarHasThePrefixUnlessOldGoWroteIt() throws IOException {
    byte[] header = gnu(TarBuilder.header('0', "n", "", 0));
    byte[] times = TarBuilder.patched(header, 345, ascii("00000000001\00000000000002\0"));
    assertEquals("n", first(new TarBuilder().block(times)).path().toString());
    byte[] prefix = TarBuilder.patched(header, 345, ascii("usr/share"));
    assertEquals("usr/share/n", first(new TarBuilder().block(prefix)).path().toString());
  }

  @Test
  void numbersAreOfAsciiDigits() {
    for (String number : List.of("\u0661", "0x1", "1 ", " 1", "1e3", "9223372036854775808")) {
      TarBuilder tar = new TarBuilder().pax("uid", number).file("f", "");
      assertThrows(MalformedLayerException.class, tar::index, number);
    }
  }

  @Test
  void theLastOfTwoEntriesIsTheLastInTheIndexToo() throws IOException {
    List<LayerEntry> entries =
        new TarBuilder().file("f", "1").file("./f", "22").directory("d").index().entries();
    assertEquals(2, entries.get(1).size());
    assertEquals(entries.get(0).path(), entries.get(1).path());
  }

  @Test
  void theZerosBehindTheLastFileMayBeMissing() throws IOException {
    for (SparseTar.Form form : SparseTar.Form.values()) {
      byte[] content = new byte[10_000];
      Arrays.fill(content, 9000, 10_000, (byte) 1);
      SparseTar.File file = new SparseTar.File(content, List.of(new long[] {9000, 1000}));
      byte[] tar = SparseTar.put(new TarBuilder(), form, "f", file).unfinished();
      for (int missing = 0; missing <= 24; missing++) {
        byte[] cut = Arrays.copyOf(tar, tar.length - missing);
        assertEquals(TarBuilder.index(tar).entries(), TarBuilder.index(cut).entries(), "" + form);
      }
      byte[] incomplete = Arrays.copyOf(tar, tar.length - 25);
      assertThrows(MalformedLayerException.class, () -> TarBuilder.index(incomplete), "" + form);
    }
    byte[] global = TarBuilder.record("comment", ascii("last"));
    byte[] tar = new TarBuilder().file("f", "").raw('g', "g", "", global).unfinished();
    byte[] cut = Arrays.copyOf(tar, tar.length - 512 + global.length);
    assertEquals(1, TarBuilder.index(cut).entries().size());
    byte[] extended = new TarBuilder().file("f", "").raw('x', "x", "", global).unfinished();
    byte[] nothingFollows = Arrays.copyOf(extended, extended.length - 512 + global.length);
    assertThrows(MalformedLayerException.class, () -> TarBuilder.index(nothingFollows));
  }
}
