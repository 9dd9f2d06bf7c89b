package io.github.ndocker.hotfile;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TieredBlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Copies hot ranges out of layer blobs into a blob of their own. */
public final class HotPackWriter {
  private static final int BUFFER_BYTES = 1 << 20;

  private HotPackWriter() {}

  /**
   * Writes a pack.
   *
   * @param layout what it holds
   * @param store where the layers are and the pack goes
   * @param tier the tier of the pack
   * @return the digest of the pack, which is durable as far as its tier is
   * @throws IOException if a layer is missing or shorter than the layout says, or a medium is full
   *     or fails
   */
  public static Digest write(HotPackLayout layout, TieredBlobStore store, Tier tier)
      throws IOException {
    try (BlobWriter pack = store.write(tier, layout.bytes())) {
      copy(layout, store, pack);
      return pack.commit();
    }
  }

  private static void copy(HotPackLayout layout, TieredBlobStore store, BlobWriter pack)
      throws IOException {
    try (OpenLayers layers = new OpenLayers(store::read)) {
      ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
      long written = 0;
      for (PackedRange range : layout.ranges()) {
        pack.write(ByteBuffer.allocate(Math.toIntExact(range.packOffset() - written)));
        copy(layers.get(range.layer()), range, buffer, pack);
        written = range.packOffset() + range.length();
      }
      pack.write(ByteBuffer.allocate(Math.toIntExact(layout.bytes() - written)));
    }
  }

  private static void copy(BlobReader layer, PackedRange range, ByteBuffer buffer, BlobWriter pack)
      throws IOException {
    long position = range.layerOffset();
    while (position < range.layerEnd()) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), range.layerEnd() - position));
      if (layer.read(buffer, position) < buffer.limit()) {
        throw new NDockerException(
            "layer "
                + range.layer()
                + " ends before byte "
                + range.layerEnd()
                + "; deploy the image again");
      }
      position += buffer.flip().limit();
      pack.write(buffer);
    }
  }
}
