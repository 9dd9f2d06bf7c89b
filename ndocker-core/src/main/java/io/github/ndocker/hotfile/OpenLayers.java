package io.github.ndocker.hotfile;

import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.TieredBlobStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The layers of a store, each opened when it is first asked for. For one thread. */
final class OpenLayers implements Closeable {
  private final TieredBlobStore store;
  private final Map<DiffId, BlobReader> opened = new HashMap<>();

  OpenLayers(TieredBlobStore store) {
    this.store = store;
  }

  BlobReader get(DiffId layer) throws IOException {
    BlobReader reader = opened.get(layer);
    if (reader == null) {
      reader = store.read(layer.digest());
      opened.put(layer, reader);
    }
    return reader;
  }

  @Override
  public void close() throws IOException {
    for (BlobReader reader : opened.values()) {
      reader.close();
    }
  }
}
