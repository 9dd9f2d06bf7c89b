package io.github.ndocker.hotfile;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TieredBlobStore;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Compares what a hot pack holds with the layers that it was copied from. */
public final class HotPackCheck {
  private static final int BUFFER_BYTES = 1 << 20;

  private HotPackCheck() {}

  /**
   * Compares byte by byte.
   *
   * @param pack the digest of the pack
   * @param layout some or all of its ranges
   * @param store where the pack and the layers are
   * @return false if a byte is not what it is in its layer, or one of them ends too early
   * @throws IOException if the pack or a layer is missing, or a medium fails
   */
  public static boolean isRight(Digest pack, HotPackLayout layout, TieredBlobStore store)
      throws IOException {
    try (BlobReader copies = store.read(pack);
        OpenLayers layers = new OpenLayers(store::read)) {
      for (PackedRange range : layout.ranges()) {
        if (!isRight(copies, range, layers.get(range.layer()))) {
          return false;
        }
      }
    }
    return true;
  }

  private static boolean isRight(BlobReader pack, PackedRange range, BlobReader layer)
      throws IOException {
    ByteBuffer copy = ByteBuffer.allocate((int) Math.min(BUFFER_BYTES, range.length()));
    ByteBuffer original = ByteBuffer.allocate(copy.capacity());
    for (long done = 0; done < range.length(); done += copy.limit()) {
      int piece = (int) Math.min(copy.capacity(), range.length() - done);
      copy.clear().limit(piece);
      original.clear().limit(piece);
      if (pack.read(copy, range.packOffset() + done) < piece
          || layer.read(original, range.layerOffset() + done) < piece
          || !copy.flip().equals(original.flip())) {
        return false;
      }
    }
    return true;
  }
}
