package io.github.ndocker.erofs;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexCodec;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.LayerLimit;
import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.layer.MalformedLayerException;
import io.github.ndocker.layer.MergedTree;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Any bytes are a layer or end in the checked error: index, its file, merge, metadata. Usually runs
 * the corpus; with {@code JAZZER_FUZZ=1} in the environment it looks for more.
 */
class LayerFuzzTest {
  private static final LayerLimits LIMITS =
      LayerLimits.DEFAULT
          .with(LayerLimit.SPARSE_COST_BYTES, 4 << 20)
          .with(LayerLimit.ENTRIES, 10_000);

  private static final byte[] USTAR = "ustar".getBytes(StandardCharsets.US_ASCII);

  @FuzzTest(maxDuration = "10s")
  void indexMergeAndMetadata(byte[] bytes) throws IOException {
    byte[] tar = bytes.clone();
    for (int from = 0; from + 512 <= tar.length; from += 512) {
      if (Arrays.equals(tar, from + 257, from + 262, USTAR, 0, USTAR.length)) {
        sum(tar, from);
      }
    }
    try {
      LayerIndex index = index(tar);
      ByteArrayOutputStream file = new ByteArrayOutputStream();
      LayerIndexCodec.write(index, file);
      ByteArrayInputStream in = new ByteArrayInputStream(file.toByteArray());
      if (!LayerIndexCodec.read(in, LIMITS).equals(index)) {
        throw new AssertionError("the index is not what was written");
      }
      write(MergedTree.of(List.of(index)), tar);
      write(MergedTree.of(List.of(index, index)), tar);
    } catch (MalformedLayerException | ErofsLimitException refused) {
      // as it should be
    }
  }

  private static LayerIndex index(byte[] tar) throws MalformedLayerException {
    LayerIndexer indexer = new LayerIndexer(LIMITS);
    indexer.update(tar, 0, tar.length / 3);
    indexer.update(tar, tar.length / 3, tar.length - tar.length / 3);
    return indexer.finish();
  }

  private static void write(MergedTree tree, byte[] tar) throws IOException {
    List<Device> devices =
        List.of(new Device(tar.length, "lower"), new Device(tar.length, "upper"));
    ContentMap contents =
        ContentMap.ofLayers(
            devices, (layer, offset, target) -> target.put(tar, (int) offset, target.remaining()));
    try (Nowhere nowhere = new Nowhere()) {
      ErofsSummary unused = new ErofsWriter().write(tree, contents, nowhere);
    }
  }

  /** A checksum would keep everything else from being tried. */
  private static void sum(byte[] tar, int from) {
    Arrays.fill(tar, from + 148, from + 156, (byte) ' ');
    int sum = 0;
    for (int i = from; i < from + 512; i++) {
      sum += tar[i] & 0xff;
    }
    byte[] text = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, tar, from + 148, text.length);
  }

  /** Takes everything. */
  private static final class Nowhere implements SeekableByteChannel {
    private long position;

    @Override
    public int write(ByteBuffer source) {
      int count = source.remaining();
      source.position(source.limit());
      position += count;
      return count;
    }

    @Override
    public int read(ByteBuffer target) {
      throw new UnsupportedOperationException("nothing is kept");
    }

    @Override
    public long position() {
      return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) {
      position = newPosition;
      return this;
    }

    @Override
    public long size() {
      return position;
    }

    @Override
    public SeekableByteChannel truncate(long size) {
      return this;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
