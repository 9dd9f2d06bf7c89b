package io.github.ndocker.hotfile;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TarBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** An image whose layers are tars in memory. */
final class ImageInMemory {
  private final Map<Digest, byte[]> blobs = new HashMap<>();
  private final List<DiffId> layers = new ArrayList<>();
  private final MergedTree tree;

  ImageInMemory(TarBuilder... tars) throws IOException {
    List<LayerIndex> indexes = new ArrayList<>();
    for (TarBuilder builder : tars) {
      byte[] tar = builder.finished();
      Digest digest = sha256(tar);
      blobs.put(digest, tar);
      layers.add(new DiffId(digest));
      indexes.add(TarBuilder.index(tar));
    }
    this.tree = MergedTree.of(indexes);
  }

  static Digest sha256(byte[] bytes) {
    try {
      return Digest.sha256(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  MergedTree tree() {
    return tree;
  }

  List<DiffId> layers() {
    return layers;
  }

  ChainId chainId() {
    return ChainId.of(layers);
  }

  FileOrigins origins() {
    return new FileOrigins(layers, this::open);
  }

  private BlobReader open(Digest blob) throws IOException {
    byte[] bytes = blobs.get(blob);
    if (bytes == null) {
      throw new IOException("no blob " + blob);
    }
    return new BlobReader() {
      @Override
      public long size() {
        return bytes.length;
      }

      @Override
      public int read(ByteBuffer destination, long position) {
        if (position >= bytes.length) {
          return -1;
        }
        int count = Math.min(destination.remaining(), bytes.length - (int) position);
        destination.put(bytes, (int) position, count);
        return count;
      }

      @Override
      public void close() {
        // nothing is open
      }
    };
  }
}
