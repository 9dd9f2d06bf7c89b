package io.github.ndocker.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LayerIndexCodecTest {
  private static LayerIndex sample(Random random) throws IOException {
    TarBuilder tar = new TarBuilder();
    for (int i = 0; i < 40; i++) {
      String path = "dir" + random.nextInt(4) + "/" + "n".repeat(1 + random.nextInt(150)) + i;
      byte[] value = new byte[random.nextInt(50)];
      random.nextBytes(value);
      tar.pax("mtime", (random.nextInt() / 2) + "." + random.nextInt(1_000_000_000));
      tar.pax("uid", Long.toString(random.nextInt() & 0x7fffffffL));
      switch (random.nextInt(4)) {
        case 0 ->
            tar.pax("SCHILY.xattr.user.a", value).file(path, "x".repeat(random.nextInt(2000)));
        case 1 -> tar.symlink(path, "target" + i);
        case 2 -> tar.hardLink(path, "other" + i);
        default -> tar.directory(path);
      }
    }
    return tar.index();
  }

  private static byte[] encoded(LayerIndex index) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    LayerIndexCodec.write(index, out);
    return out.toByteArray();
  }

  private static LayerIndex decoded(byte[] bytes) throws IOException {
    return LayerIndexCodec.read(new ByteArrayInputStream(bytes), LayerLimits.DEFAULT);
  }

  @Test
  void readsWhatItWrote() throws IOException {
    long seed = System.nanoTime();
    LayerIndex index = sample(new Random(seed));
    assertEquals(index, decoded(encoded(index)), "seed " + seed);
  }

  @Test
  void isSmallerThanTheTarsHeaders() throws IOException {
    LayerIndex index = sample(new Random(1));
    assertTrue(encoded(index).length < index.entries().size() * 300, "" + encoded(index).length);
  }

  @Test
  void noticesEveryFlippedBit() throws IOException {
    byte[] bytes = encoded(sample(new Random(2)));
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(MalformedLayerException.class, () -> decoded(flipped), "bit " + bit);
    }
  }

  @Test
  void noticesEveryMissingEnd() throws IOException {
    byte[] bytes = encoded(sample(new Random(3)));
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThrows(MalformedLayerException.class, () -> decoded(cut), length + " bytes");
    }
  }

  @Test
  void answersAnyBytesWithTheCheckedError() throws IOException {
    byte[] bytes = encoded(sample(new Random(4)));
    Random random = new Random(5);
    for (int round = 0; round < 2000; round++) {
      byte[] hostile = bytes.clone();
      random.nextBytes(hostile);
      System.arraycopy(bytes, 0, hostile, 0, 5 + random.nextInt(200));
      assertThrows(MalformedLayerException.class, () -> decoded(hostile));
    }
  }
}
