package io.github.ndocker.engine;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The pieces of one layer's tar between the thread that inflates it and the one that stores it.
 * Few, so that memory is bounded and neither gets far ahead.
 */
final class PieceQueue {
  static final int PIECE_BYTES = 1 << 20;
  private static final int PIECES = 3;

  private final Deque<ByteBuffer> full = new ArrayDeque<>();
  private final Deque<ByteBuffer> empty = new ArrayDeque<>();
  private int buffersLeft = PIECES;
  private boolean ended;
  private @Nullable Throwable failure;
  private @Nullable IOException unwanted;

  /** Thrown to the inflating thread when the storing one does not want any more. */
  static final class UnwantedException extends IOException {
    private static final long serialVersionUID = 1L;
    private final IOException reason;

    UnwantedException(IOException reason) {
      super("the layer cannot be stored", reason);
      this.reason = reason;
    }

    IOException reason() {
      return reason;
    }
  }

  /** For the inflating thread: a buffer to fill. */
  synchronized ByteBuffer empty() throws IOException {
    while (unwanted == null && empty.isEmpty() && buffersLeft == 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    if (unwanted != null) {
      throw new UnwantedException(unwanted);
    }
    ByteBuffer recycled = empty.poll();
    if (recycled != null) {
      return recycled.clear();
    }
    buffersLeft--;
    return ByteBuffer.allocate(PIECE_BYTES);
  }

  /** For the inflating thread: passes on what it has filled. */
  synchronized void add(ByteBuffer filled) {
    full.add(filled.flip());
    notifyAll();
  }

  /** For the inflating thread: that was all, and it was verified. */
  synchronized void end() throws UnwantedException {
    if (unwanted != null) {
      throw new UnwantedException(unwanted);
    }
    ended = true;
    notifyAll();
  }

  /** For the inflating thread: there will be no more. */
  synchronized void fail(Throwable cause) {
    failure = cause;
    notifyAll();
  }

  /**
   * For the storing thread: the next piece, to be recycled.
   *
   * @return empty after the last one
   * @throws IOException what the inflating thread failed at
   */
  synchronized Optional<ByteBuffer> next() throws IOException {
    while (failure == null && full.isEmpty() && !ended) {
      try {
        wait();
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
    if (failure instanceof IOException io) {
      throw io;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
    return Optional.ofNullable(full.poll());
  }

  synchronized void recycle(ByteBuffer piece) {
    empty.add(piece);
    notifyAll();
  }

  /**
   * For the storing thread: stops the inflating one.
   *
   * @return false if that has ended already, so that it will not report the reason
   */
  synchronized boolean refuse(IOException reason) {
    unwanted = reason;
    notifyAll();
    return !ended;
  }

  private static IOException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IOException("interrupted while a layer was stored", e);
  }
}
