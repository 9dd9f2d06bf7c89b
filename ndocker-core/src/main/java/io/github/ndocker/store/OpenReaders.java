package io.github.ndocker.store;

import io.github.ndocker.api.BlobReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** How many readers each copy has, so that no copy is overwritten under one. Thread-safe. */
final class OpenReaders {
  private final ConcurrentHashMap<StoredCopy, Integer> counts = new ConcurrentHashMap<>();

  void enter(StoredCopy copy) {
    counts.merge(copy, 1, Integer::sum);
  }

  /** True if this was the last reader of the copy. */
  boolean leave(StoredCopy copy) {
    return counts.computeIfPresent(copy, (key, count) -> count == 1 ? null : count - 1) == null;
  }

  boolean any(StoredCopy copy) {
    return counts.containsKey(copy);
  }

  /** A reader that does something once when it is closed. */
  record Counted(BlobReader reader, AtomicBoolean closed, OnClose onClose) implements BlobReader {
    Counted(BlobReader reader, OnClose onClose) {
      this(reader, new AtomicBoolean(), onClose);
    }

    @Override
    public long size() {
      return reader.size();
    }

    @Override
    public int read(ByteBuffer destination, long position) throws IOException {
      if (closed.get()) {
        throw new IOException("the reader is closed");
      }
      return reader.read(destination, position);
    }

    @Override
    public void close() throws IOException {
      if (closed.compareAndSet(false, true)) {
        try {
          reader.close();
        } finally {
          onClose.run();
        }
      }
    }
  }

  /** What follows the close of a reader. */
  interface OnClose {
    void run() throws IOException;
  }
}
