package io.github.ndocker.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

class LayerStreamTest {
  private static final byte[] PLAIN = plain();

  private static byte[] plain() {
    byte[] bytes = new byte[200_000];
    new Random(7).nextBytes(bytes);
    Arrays.fill(bytes, 1000, 150_000, (byte) 'a');
    return bytes;
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  /** Gives one byte at a time and never says that more is available. */
  private static byte[] opened(byte[] layer) throws IOException {
    InputStream trickle =
        new ByteArrayInputStream(layer) {
          @Override
          public synchronized int read(byte[] target, int from, int length) {
            return super.read(target, from, Math.min(length, 1));
          }

          @Override
          public synchronized int available() {
            return 0;
          }
        };
    try (InputStream in = LayerStream.open(trickle)) {
      return in.readAllBytes();
    }
  }

  @Test
  void inflatesGzipOfOneMemberAndOfMany() throws IOException {
    assertArrayEquals(PLAIN, opened(gzip(PLAIN)));
    byte[] members = joined(gzip(PLAIN), joined(gzip(new byte[0]), gzip(PLAIN)));
    assertArrayEquals(joined(PLAIN, PLAIN), opened(members));
  }

  @Test
  void skipsTheOptionalFieldsOfGzip() throws IOException {
    byte[] gzip = gzip(PLAIN);
    byte[] fields = {4, 0, 'x', 't', 'r', 'a', 'n', 0, 'c', 0, 0, 0};
    byte[] header = Arrays.copyOf(gzip, 10);
    header[3] = 2 | 4 | 8 | 16;
    byte[] rest = Arrays.copyOfRange(gzip, 10, gzip.length);
    assertArrayEquals(PLAIN, opened(joined(header, joined(fields, rest))));
  }

  @Test
  void inflatesZstandardOfSeveralFrames() throws IOException {
    byte[] frames = joined(Zstd.compress(PLAIN), Zstd.compress(PLAIN));
    assertArrayEquals(joined(PLAIN, PLAIN), opened(frames));
  }

  @Test
  void passesATarThrough() throws IOException {
    assertArrayEquals(new byte[] {1, 2}, opened(new byte[] {1, 2}));
    assertEquals(0, opened(new byte[0]).length);
    assertArrayEquals(PLAIN, opened(PLAIN));
  }

  @Test
  void refusesLayersThatAreCutOff() throws IOException {
    byte[] gzip = joined(gzip(new byte[300]), gzip(new byte[300]));
    int boundary = gzip.length / 2;
    for (int length = 4; length < gzip.length; length++) {
      byte[] cut = Arrays.copyOf(gzip, length);
      if (length != boundary) {
        assertThrows(MalformedLayerException.class, () -> opened(cut), "gzip of " + length);
      }
    }
    byte[] zstd = Zstd.compress(new byte[3000]);
    for (int length = 4; length < zstd.length; length++) {
      byte[] cut = Arrays.copyOf(zstd, length);
      assertThrows(MalformedLayerException.class, () -> opened(cut), "zstd of " + length);
    }
  }

  @Test
  void refusesDamagedLayers() throws IOException {
    byte[] gzip = gzip(PLAIN);
    for (int at : new int[] {2, gzip.length / 2, gzip.length - 6, gzip.length - 1}) {
      byte[] damaged = gzip.clone();
      damaged[at] ^= 0x55;
      assertThrows(MalformedLayerException.class, () -> opened(damaged), "byte " + at);
    }
    byte[] followed = joined(gzip, new byte[] {'x'});
    assertThrows(MalformedLayerException.class, () -> opened(followed));
    byte[] zstd = Zstd.compress(PLAIN);
    zstd[4] ^= 0x7f;
    assertThrows(MalformedLayerException.class, () -> opened(zstd));
  }

  @Test
  void passesOnWhatTheSourceThrows() {
    InputStream failing = new PipedInputStream();
    IOException thrown = assertThrows(IOException.class, () -> LayerStream.open(failing));
    assertEquals(IOException.class, thrown.getClass());
  }

  @Test
  void stopsWhatInflatesBeyondProportion() throws IOException {
    LayerLimits limits = LayerLimits.DEFAULT.withInflation(8 << 20, 200);
    for (byte[] bomb : List.of(Bombs.gzip(), Bombs.gzipMembers(), Bombs.zstd())) {
      ExcessiveInflationException stopped =
          assertThrows(ExcessiveInflationException.class, () -> inflated(bomb, limits));
      assertTrue(stopped.tarBytes() > 8 << 20, stopped.getMessage());
      // a decompressor reads ahead, and what has been read counts
      assertTrue(stopped.tarBytes() <= 200L * (128 << 10) + READ_BYTES, stopped.getMessage());
      assertTrue(stopped.compressedBytes() <= 128 << 10, stopped.getMessage());
    }
  }

  @Test
  void stopsABombAtOneGibibyteByDefault() {
    ExcessiveInflationException stopped =
        assertThrows(
            ExcessiveInflationException.class, () -> inflated(Bombs.zstd(), LayerLimits.DEFAULT));
    assertTrue(stopped.tarBytes() > 1L << 30, stopped.getMessage());
    assertTrue(stopped.tarBytes() <= (1L << 30) + READ_BYTES, stopped.getMessage());
  }

  @Test
  void takesZerosUpToTheFloorAndMoreWhereTheRatioAllowsIt() throws IOException {
    byte[] zeros = gzip(new byte[16 << 20]);
    assertEquals(16 << 20, inflated(zeros, LayerLimits.DEFAULT));
    assertEquals(16 << 20, inflated(zeros, LayerLimits.DEFAULT.withInflation(16 << 20, 1)));
    assertEquals(16 << 20, inflated(zeros, LayerLimits.DEFAULT.withInflation(1, 2_000)));
    assertEquals(PLAIN.length, inflated(PLAIN, LayerLimits.DEFAULT.withInflation(1, 1)));
    assertThrows(
        ExcessiveInflationException.class,
        () -> inflated(zeros, LayerLimits.DEFAULT.withInflation((16 << 20) - 1, 500)));
  }

  @Test
  void refusesAWindowThatNeedsTooMuchMemory() {
    assertThrows(
        MalformedLayerException.class,
        () -> inflated(Bombs.zstdOfHugeWindow(), LayerLimits.DEFAULT));
  }

  private static final int READ_BYTES = 1 << 16;

  private static long inflated(byte[] layer, LayerLimits limits) throws IOException {
    long total = 0;
    byte[] buffer = new byte[READ_BYTES];
    try (InputStream tar = LayerStream.open(new ByteArrayInputStream(layer), limits)) {
      for (int count = tar.read(buffer); count >= 0; count = tar.read(buffer)) {
        total += count;
      }
    }
    return total;
  }
}
