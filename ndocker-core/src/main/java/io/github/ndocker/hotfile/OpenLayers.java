package io.github.ndocker.hotfile;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** Layers, each opened when it is first asked for. For one thread. */
final class OpenLayers implements Closeable {
  private final Blobs blobs;
  private final Map<DiffId, BlobReader> opened = new HashMap<>();

  /** Opens blobs. */
  @FunctionalInterface
  interface Blobs {
    BlobReader read(Digest blob) throws IOException;
  }

  OpenLayers(Blobs blobs) {
    this.blobs = blobs;
  }

  BlobReader get(DiffId layer) throws IOException {
    BlobReader reader = opened.get(layer);
    if (reader == null) {
      reader = blobs.read(layer.digest());
      opened.put(layer, reader);
    }
    return reader;
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (BlobReader reader : opened.values()) {
      try {
        reader.close();
      } catch (IOException e) {
        // the others too
        failure = e;
      }
    }
    opened.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
