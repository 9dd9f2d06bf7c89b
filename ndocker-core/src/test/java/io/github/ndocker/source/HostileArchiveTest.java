package io.github.ndocker.source;

import static io.github.ndocker.source.Archives.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.MalformedManifestException;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.registry.TinyImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Archives that mean harm, or are broken; each case in bounded time, and nothing is left. */
@Timeout(30)
class HostileArchiveTest {
  private static final int SPOOL_BYTES = 1 << 20;

  @TempDir Path directory;
  private Path file;
  private Path spool;
  private TinyImage image;

  @BeforeEach
  void makeAnImage() throws IOException {
    file = directory.resolve("image.tar");
    spool = Files.createDirectory(directory.resolve("spool"));
    image = TinyImage.withLayers(2, 2, 2_000);
  }

  private ArchiveSpool spool() {
    return new ArchiveSpool(spool, SPOOL_BYTES);
  }

  private ResolvedImage resolve() throws IOException {
    try (ImageArchive archive = ImageArchive.open(file, spool())) {
      return archive.resolve(
          ImageReference.parse("tiny"), Platform.host(), KnownImages.NONE, () -> false);
    }
  }

  private void isRefused(byte[] archive, String because) throws IOException {
    Files.write(file, archive);
    isRefused(because);
  }

  private void isRefused(String because) throws IOException {
    MalformedSourceException e = assertThrows(MalformedSourceException.class, this::resolve);
    assertEquals(file.toString(), e.source());
    assertTrue(e.getMessage().contains(because), e.getMessage());
    assertSpoolIsEmpty();
  }

  private void assertSpoolIsEmpty() throws IOException {
    try (Stream<Path> left = Files.list(spool)) {
      assertEquals(List.of(), left.toList());
    }
  }

  private TarBuilder saved(String config, String... layers) throws IOException {
    TarBuilder tar = new TarBuilder().entry('0', "config", "", image.config());
    return tar.entry(
        '0', "manifest.json", "", Archives.manifest(config, List.of(layers), "tiny:latest"));
  }

  @Test
  void whatIsNoTarIsRefused() throws IOException {
    isRefused(text("no tar, but long enough for a header\n".repeat(50)), "no tar");
    isRefused(new byte[0], "neither an OCI archive");
    isRefused(new TarBuilder().file("a", "a").finished(), "neither an OCI archive");
    isRefused(text("short"), "ends after 5 bytes");
  }

  @Test
  void aTruncatedArchiveIsRefused() throws IOException {
    byte[] whole = Archives.saved(image, "tiny:latest").unfinished();
    for (int length : new int[] {700, whole.length / 2, whole.length - 513}) {
      isRefused(Arrays.copyOf(whole, length), "in the middle of an entry");
    }
  }

  @Test
  void twoEntriesOfTheSameNameAreRefused() throws IOException {
    TarBuilder tar = saved("config", "0").file("0", "one").file("./0", "two");
    isRefused(tar.finished(), "two entries are named '0'");
  }

  @Test
  void aPathWithDotsNamesWhatItNamesInsideTheArchive() throws IOException {
    TarBuilder tar = saved("config", "0").file("0", "one").file("../0", "two");
    isRefused(tar.finished(), "two entries are named '0'");
  }

  @Test
  void aLinkThatLeadsOutIsRefused() throws IOException {
    for (String target : List.of("../../etc/passwd", "/etc/passwd", "../x/../../y")) {
      isRefused(
          saved("config", "0/layer.tar").symlink("0/layer.tar", target).finished(),
          "leads out of the archive");
    }
  }

  @Test
  void linksInACircleAreRefused() throws IOException {
    TarBuilder tar = saved("config", "0").symlink("0", "1").symlink("1", "0");
    isRefused(tar.finished(), "more than 8 links");
    isRefused(saved("config", "0").hardLink("0", "0").finished(), "more than 8 links");
  }

  @Test
  void aLinkToNothingIsRefused() throws IOException {
    isRefused(saved("config", "0").symlink("0", "gone").finished(), "which is not there");
  }

  @Test
  void whatManifestJsonNamesMustBeAFile() throws IOException {
    isRefused(saved("config", "0").finished(), "has no file '0'");
    isRefused(saved("../config", "0").finished(), "has no file '../config'");
    isRefused(saved("config", "0").directory("0/").finished(), "no regular file");
    isRefused(saved("config", "0").entry('6', "0", "", new byte[0]).finished(), "no regular file");
  }

  @Test
  void aSparseEntryIsRefused() throws IOException {
    isRefused(saved("config", "0").entry('S', "0", "", new byte[0]).finished(), "sparse");
    isRefused(
        saved("config", "0").pax("GNU.sparse.major", "1").file("0", "x").finished(), "sparse");
  }

  @Test
  void anExtendedHeaderWithoutEndIsNotRead() throws IOException {
    byte[] header = TarBuilder.header('x', "pax", "", 8_000_000_000L);
    isRefused(
        new TarBuilder().block(header).unfinished(), "more than 65536 bytes in one PAX header");
  }

  private void write(int times, byte[] header) throws IOException {
    try (OutputStream out = new java.io.BufferedOutputStream(new FileOutputStream(file.toFile()))) {
      for (int i = 0; i < times; i++) {
        out.write(header);
      }
    }
  }

  @Test
  void manyExtendedHeadersDoNotFillTheMemory() throws IOException {
    write(200_000, TarBuilder.header('g', "g", "", 0));
    isRefused("neither an OCI archive");
  }

  @Test
  void moreEntriesThanAnyImageHasAreRefused() throws IOException {
    write(100_001, TarBuilder.header('0', "a", "", 0));
    isRefused("more than 100000 entries");
  }

  @Test
  void anEntryOfEightExabytesIsRefused() throws IOException {
    byte[] header = TarBuilder.header('0', "0", "", 0);
    byte[] size = new byte[12];
    size[0] = (byte) 0x80;
    Arrays.fill(size, 4, 12, (byte) 0xff);
    size[4] = 0x7f;
    isRefused(
        new TarBuilder().block(TarBuilder.patched(header, 124, size)).unfinished(),
        "is not possible");
  }

  @Test
  void aManifestJsonOfAGigabyteIsNotRead() throws IOException {
    Files.write(file, TarBuilder.header('0', "manifest.json", "", 1L << 30));
    try (java.io.RandomAccessFile sparse = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength((1L << 30) + 2048);
    }
    isRefused("at most 4194304 are read");
  }

  @Test
  void aManifestJsonThatIsSomethingElseIsRefused() throws IOException {
    for (String json : List.of("{}", "[1]", "[{}]", "[{\"Config\":1,\"Layers\":[\"0\"]}]", "[")) {
      Files.write(file, new TarBuilder().file("manifest.json", json).finished());
      MalformedManifestException e =
          assertThrows(MalformedManifestException.class, this::resolve, json);
      assertEquals(file + ": manifest.json", e.subject());
    }
  }

  @Test
  void anArchiveThatInflatesBeyondTheSpoolIsRefused() throws IOException {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(bomb)) {
      gzip.write(new byte[SPOOL_BYTES + 1]);
    }
    isRefused(bomb.toByteArray(), "more than 1048576 bytes");
  }

  @Test
  void aDamagedCompressedArchiveIsRefused() throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(Archives.saved(image, "tiny:latest").finished());
    }
    byte[] whole = packed.toByteArray();
    isRefused(Arrays.copyOf(whole, whole.length / 2), "ends too early");
  }

  @Test
  void aStreamThatBreaksLeavesNothing() throws IOException {
    byte[] whole = Archives.saved(image, "tiny:latest").finished();
    InputStream breaking =
        new FilterInputStream(new ByteArrayInputStream(whole, 0, 3_000)) {
          @Override
          public int read(byte[] target, int from, int length) throws IOException {
            int count = super.read(target, from, length);
            if (count < 0) {
              throw new IOException("broken on purpose");
            }
            return count;
          }
        };
    IOException e = assertThrows(IOException.class, () -> ImageArchive.read(breaking, spool()));
    assertEquals("broken on purpose", e.getMessage());
    assertSpoolIsEmpty();
  }

  @Test
  void aSpooledArchiveHasNoNameAndIsGoneWhenItIsClosed() throws IOException {
    byte[] whole = Archives.saved(image, "tiny:latest").finished();
    ImageArchive archive = ImageArchive.read(new ByteArrayInputStream(whole), spool());
    assertSpoolIsEmpty();
    ImageReference reference = ImageReference.parse("tiny");
    ResolvedImage resolved =
        archive.resolve(reference, Platform.host(), KnownImages.NONE, () -> false);
    try (InputStream layer =
        archive.open(reference, resolved.layers().get(0), bytes -> {}, () -> false)) {
      assertArrayEquals(image.layers().get(0).tar(), layer.readAllBytes());
    }
    archive.close();
    assertThrows(
        ClosedChannelException.class,
        () ->
            archive
                .open(reference, resolved.layers().get(0), bytes -> {}, () -> false)
                .readAllBytes());
  }

  @Test
  void anArchiveThatShrinksWhileItIsReadIsFoundOut() throws IOException {
    Files.write(file, Archives.saved(image, "tiny:latest").finished());
    try (ImageArchive archive = ImageArchive.open(file, spool());
        java.io.RandomAccessFile shrinking = new java.io.RandomAccessFile(file.toFile(), "rw")) {
      shrinking.setLength(2_000);
      MalformedSourceException e =
          assertThrows(
              MalformedSourceException.class,
              () ->
                  archive.resolve(
                      ImageReference.parse("tiny"),
                      Platform.host(),
                      KnownImages.NONE,
                      () -> false));
      assertTrue(e.reason().contains("ends after") || e.reason().contains("shorter"), e.reason());
    }
  }

  @Test
  void aDirectoryIsNoArchive() throws IOException {
    Files.createDirectory(file);
    isRefused("no regular file");
  }
}
