package io.github.ndocker.erofs;

import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.LayerStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A layer as it is stored.
 *
 * @param tar its bytes
 * @param index where everything is in them
 */
record LayerBlob(Path tar, LayerIndex index) {
  /** Inflates a layer of an image into a file, and indexes it on the way. */
  static LayerBlob inflate(Path layer, Path tar) throws IOException {
    LayerIndexer indexer = new LayerIndexer();
    try (InputStream in = LayerStream.open(Files.newInputStream(layer));
        OutputStream out = Files.newOutputStream(tar)) {
      byte[] buffer = new byte[1 << 16];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        indexer.update(buffer, 0, count);
        out.write(buffer, 0, count);
      }
    }
    return new LayerBlob(tar, indexer.finish());
  }

  /** What a mount takes for it. */
  Device device(int position) {
    return new Device(index.tarBytes(), "layer" + position);
  }
}
