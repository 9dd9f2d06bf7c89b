package io.github.ndocker.store;

import io.github.ndocker.api.BlobReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** Which copies are being read, so that none is overwritten meanwhile. Thread-safe. */
final class OpenReaders {
  private final Map<StoredCopy, Use> uses = new HashMap<>();

  /** A copy that somebody reads, whatever it is called by now. */
  static final class Use {
    private StoredCopy copy;
    private int readers;

    private Use(StoredCopy copy) {
      this.copy = copy;
    }
  }

  synchronized Use enter(StoredCopy copy) {
    Use use = uses.computeIfAbsent(copy, Use::new);
    use.readers++;
    return use;
  }

  /** Ends one reader of a copy, and says which copy that was. */
  synchronized StoredCopy leave(Use use) {
    use.readers--;
    if (use.readers == 0) {
      uses.remove(use.copy);
    }
    return use.copy;
  }

  synchronized boolean any(StoredCopy copy) {
    return uses.containsKey(copy);
  }

  /** The tier calls a copy something else now. */
  synchronized void renamed(StoredCopy before, StoredCopy now) {
    Use use = uses.remove(before);
    if (use != null) {
      use.copy = now;
      uses.put(now, use);
    }
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
