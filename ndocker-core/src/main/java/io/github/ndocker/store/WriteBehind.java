package io.github.ndocker.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that wait for a medium, in the order in which they came, and the thread that writes
 * them. A blob is forced whenever {@link #FORCE_BYTES} of it were written, and when nothing else is
 * to do. Memory is bounded by the number of buffers. Thread-safe.
 */
final class WriteBehind implements Closeable {
  static final int BUFFER_BYTES = 1 << 20;

  /** Large enough that a disk streams, and small enough that a commit does not wait long for it. */
  private static final long FORCE_BYTES = 8L << 20;

  /** What a medium takes at first may go to a cache of its own, and says nothing of its rate. */
  private static final long SETTLING_BYTES = 16L << 20;

  /** A second of work counts, and half of the one before it. */
  private static final double REMEMBERED_SECONDS = 1;

  private static final String CLOSED = "the tier is closed";

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Deque<Piece> waiting = new ArrayDeque<>();
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private final Set<WriteBehindWriter> unforced = new LinkedHashSet<>();
  private int buffersLeft;
  private long backlogBytes;
  private long busyBytes;
  private double batchSeconds;
  private double observedBytes;
  private double observedSeconds;
  private boolean running;
  private boolean closed;

  private record Piece(WriteBehindWriter writer, ByteBuffer bytes) {}

  /** A queue whose bytes take that much memory at most, outside of the Java heap. */
  WriteBehind(long memoryBytes) {
    if (memoryBytes < BUFFER_BYTES) {
      throw new IllegalArgumentException(
          memoryBytes + " bytes of memory; at least " + BUFFER_BYTES + " are needed");
    }
    this.buffersLeft = (int) Math.min(Integer.MAX_VALUE, memoryBytes / BUFFER_BYTES);
  }

  long backlogBytes() {
    lock.lock();
    try {
      return backlogBytes;
    } finally {
      lock.unlock();
    }
  }

  double bytesPerSecond() {
    lock.lock();
    try {
      return observedSeconds == 0 ? 0 : observedBytes / observedSeconds;
    } finally {
      lock.unlock();
    }
  }

  /** Takes as much of the source as one buffer holds; waits for a buffer. */
  void add(WriteBehindWriter writer, ByteBuffer source) throws IOException {
    ByteBuffer buffer = buffer(writer);
    int count = Math.min(source.remaining(), buffer.capacity());
    buffer.put(source.slice(source.position(), count)).flip();
    source.position(source.position() + count);
    boolean added = false;
    lock.lock();
    try {
      if (closed) {
        throw new IOException(CLOSED);
      }
      start();
      waiting.add(new Piece(writer, buffer));
      writer.waiting++;
      backlogBytes += count;
      added = true;
      changed.signalAll();
    } finally {
      if (!added) {
        free.add(buffer);
      }
      lock.unlock();
    }
  }

  /**
   * Waits until nothing of a blob waits; from then on its other writer is the caller's.
   *
   * @throws IOException what failed of it
   */
  void awaitWritten(WriteBehindWriter writer) throws IOException {
    lock.lock();
    try {
      while (writer.waiting > 0 || writer.busy) {
        changed.awaitUninterruptibly();
      }
      unforced.remove(writer);
      writer.throwFailure();
    } finally {
      lock.unlock();
    }
  }

  /** The blob was committed or has failed: nothing of it is to be forced any more. */
  void forget(WriteBehindWriter writer) {
    lock.lock();
    try {
      backlogBytes -= writer.unforcedBytes;
      writer.unforcedBytes = 0;
      unforced.remove(writer);
    } finally {
      lock.unlock();
    }
  }

  /** Takes back what waits of a blob, and waits for what is being written of it. */
  void drop(WriteBehindWriter writer) {
    lock.lock();
    try {
      for (Piece piece : waiting.stream().filter(p -> p.writer().equals(writer)).toList()) {
        waiting.remove(piece);
        finished(piece);
      }
      while (writer.busy) {
        changed.awaitUninterruptibly();
      }
      // before the thread behind can take it up again
      forget(writer);
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread when it has written what waits; whoever still writes is not waited for. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      while (running) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private ByteBuffer buffer(WriteBehindWriter writer) throws IOException {
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new IOException(CLOSED);
        }
        writer.throwFailure();
        ByteBuffer recycled = free.poll();
        if (recycled != null) {
          return recycled.clear();
        }
        if (buffersLeft > 0) {
          ByteBuffer fresh = ByteBuffer.allocateDirect(BUFFER_BYTES);
          buffersLeft--;
          return fresh;
        }
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock. */
  private void start() {
    if (!running) {
      Thread thread = new Thread(this::work, "ndocker-write-behind");
      thread.setDaemon(true);
      thread.start();
      // only now: if there can be no thread, nobody may wait for one
      running = true;
    }
  }

  private void work() {
    try {
      for (Optional<Runnable> job = next(); job.isPresent(); job = next()) {
        job.get().run();
      }
    } finally {
      lock.lock();
      try {
        running = false;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** Empty when there will be nothing to do any more. */
  private Optional<Runnable> next() {
    lock.lock();
    try {
      while (waiting.isEmpty() && unforced.isEmpty() && !closed) {
        changed.awaitUninterruptibly();
      }
      Piece piece = waiting.poll();
      if (piece != null) {
        piece.writer().busy = true;
        return Optional.of(() -> write(piece));
      }
      if (closed) {
        return Optional.empty();
      }
      WriteBehindWriter writer = unforced.iterator().next();
      writer.busy = true;
      return Optional.of(() -> force(writer));
    } finally {
      lock.unlock();
    }
  }

  private void write(Piece piece) {
    WriteBehindWriter writer = piece.writer();
    int count = piece.bytes().remaining();
    long begin = System.nanoTime();
    Exception failure = writer.hasFailed() ? null : attempt(() -> writer.writeNow(piece.bytes()));
    lock.lock();
    try {
      batchSeconds += seconds(begin);
      busyBytes += count;
      if (failure != null) {
        writer.failed(failure);
      }
      if (!writer.hasFailed()) {
        // counted as waiting until it is durable
        writer.unforcedBytes += count;
        backlogBytes += count;
        unforced.add(writer);
      }
      finished(piece);
      if (writer.unforcedBytes < FORCE_BYTES) {
        writer.busy = false;
        changed.signalAll();
        return;
      }
    } finally {
      lock.unlock();
    }
    force(writer);
  }

  private void force(WriteBehindWriter writer) {
    long begin = System.nanoTime();
    Exception failure = attempt(writer::forceNow);
    lock.lock();
    try {
      batchSeconds += seconds(begin);
      observe(writer.unforcedBytes);
      if (failure != null) {
        writer.failed(failure);
      }
      backlogBytes -= writer.unforcedBytes;
      writer.unforcedBytes = 0;
      unforced.remove(writer);
      writer.busy = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Under the lock: only a medium that has more to write than it can shows how fast it is. */
  private void observe(long bytes) {
    if (waiting.isEmpty()) {
      busyBytes = 0;
    } else if (busyBytes > SETTLING_BYTES) {
      observedSeconds += batchSeconds;
      observedBytes += bytes;
      if (observedSeconds > REMEMBERED_SECONDS) {
        observedSeconds /= 2;
        observedBytes /= 2;
      }
    }
    batchSeconds = 0;
  }

  /** Under the lock. */
  private void finished(Piece piece) {
    // a piece that was not written has its limit where it was
    backlogBytes -= piece.bytes().limit();
    piece.writer().waiting--;
    free.add(piece.bytes());
    changed.signalAll();
  }

  private interface Attempt {
    void run() throws IOException;
  }

  private static @Nullable Exception attempt(Attempt attempt) {
    try {
      attempt.run();
      return null;
    } catch (IOException | RuntimeException e) {
      return e;
    } catch (Error e) {
      // for the writer too: others still have bytes here
      return new IOException("writing behind failed", e);
    }
  }

  private static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }
}
