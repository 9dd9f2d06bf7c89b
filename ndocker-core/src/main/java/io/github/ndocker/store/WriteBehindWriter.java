package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One blob that is written behind. Its other writer is used by the thread behind as long as
 * anything waits, and by the caller's before and after that.
 */
final class WriteBehindWriter implements TierWriter {
  private final WriteBehind behind;
  private final TierWriter target;
  private boolean ended;

  // all below: under the lock of the queue
  int waiting;
  boolean busy;
  long unforcedBytes;
  private @Nullable Exception failure;

  WriteBehindWriter(WriteBehind behind, TierWriter target) {
    this.behind = behind;
    this.target = target;
  }

  @Override
  public void write(ByteBuffer source) throws IOException {
    requireOpen();
    while (source.hasRemaining()) {
      behind.add(this, source);
    }
  }

  @Override
  public void commit(Digest name) throws IOException {
    requireOpen();
    behind.awaitWritten(this);
    ended = true;
    try (target) {
      target.commit(name);
    } finally {
      behind.forget(this);
    }
  }

  @Override
  public void close() throws IOException {
    if (!ended) {
      ended = true;
      behind.drop(this);
      target.close();
    }
  }

  /** On the thread behind. */
  void writeNow(ByteBuffer bytes) throws IOException {
    target.write(bytes);
  }

  /** On the thread behind. */
  void forceNow() throws IOException {
    target.force();
  }

  /** Under the lock. */
  void failed(Exception cause) {
    if (failure == null) {
      failure = cause;
    }
  }

  /** Under the lock, or on the thread behind, which alone makes it fail. */
  boolean hasFailed() {
    return failure != null;
  }

  /** Under the lock: what happened to bytes that were taken earlier. */
  void throwFailure() throws IOException {
    if (failure instanceof IOException io) {
      throw io;
    }
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
  }

  private void requireOpen() throws IOException {
    if (ended) {
      throw new IOException("the blob was committed or discarded");
    }
  }
}
