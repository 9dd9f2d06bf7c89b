package io.github.ndocker.registry;

import java.io.Closeable;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an answer, for a reader that must not wait for ever. The stream of {@code
 * BodyHandlers.ofInputStream} blocks without a limit; this one looks at the clock and at the
 * caller's flag. At most {@link #AHEAD} arrivals (of about 16 KiB each) wait for the reader; then
 * the network is made to wait.
 */
final class ResponseBody implements HttpResponse.BodySubscriber<ResponseBody>, Closeable {
  private static final int AHEAD = 16;

  private final String host;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Queue<List<ByteBuffer>> arrived = new ArrayDeque<>();
  private Flow.@Nullable Subscription subscription;
  private @Nullable Throwable failure;
  private boolean complete;
  private boolean closed;

  /** What the reader still has of the last arrival; the reader's alone. */
  private final Queue<ByteBuffer> rest = new ArrayDeque<>();

  /** How long the reader has waited since its pace was last looked at, and what came. */
  private long waitedNanos;

  private long waitedForBytes;

  /**
   * Nothing has come yet.
   *
   * @param host who was asked, a registry or a mirror of it
   */
  ResponseBody(String host) {
    this.host = host;
  }

  String host() {
    return host;
  }

  /**
   * The next bytes.
   *
   * @return a buffer that is the caller's; empty if the body has ended
   * @throws TransferStalledException if none came in time, or too few for too long
   * @throws IOException if the connection broke
   */
  Optional<ByteBuffer> next(RegistryOptions options, Cancellation cancellation) throws IOException {
    while (rest.isEmpty()) {
      cancellation.check();
      long since = System.nanoTime();
      Optional<List<ByteBuffer>> arrival = await(options.stallTimeout(), cancellation);
      if (arrival.isEmpty()) {
        return Optional.empty();
      }
      waitedNanos += System.nanoTime() - since;
      waitedForBytes += arrival.get().stream().mapToLong(ByteBuffer::remaining).sum();
      if (!isComplete()) {
        checkPace(options, cancellation);
      }
      for (ByteBuffer buffer : arrival.get()) {
        if (buffer.hasRemaining()) {
          rest.add(buffer);
        }
      }
    }
    return Optional.of(rest.remove());
  }

  /** All of it is there: it can be too slow no more. */
  private boolean isComplete() {
    lock.lock();
    try {
      return complete;
    } finally {
      lock.unlock();
    }
  }

  /** Only the time of waiting counts, so that a slow reader is not taken for a slow sender. */
  private void checkPace(RegistryOptions options, Cancellation cancellation)
      throws TransferStalledException {
    if (waitedNanos < options.stallTimeout().toNanos()) {
      return;
    }
    double least = options.leastBytesPerSecond() * (waitedNanos / 1e9);
    if (waitedForBytes < least) {
      throw new TransferStalledException(
          cancellation.registry(),
          cancellation.action(),
          Duration.ofNanos(waitedNanos),
          waitedForBytes,
          options.leastBytesPerSecond());
    }
    waitedNanos = 0;
    waitedForBytes = 0;
  }

  private Optional<List<ByteBuffer>> await(Duration stallTimeout, Cancellation cancellation)
      throws IOException {
    long end = System.nanoTime() + stallTimeout.toNanos();
    lock.lock();
    try {
      while (arrived.isEmpty()) {
        if (failure != null) {
          throw new IOException("the connection broke", failure);
        }
        if (complete) {
          return Optional.empty();
        }
        long left = end - System.nanoTime();
        if (left <= 0) {
          throw new TransferStalledException(
              cancellation.registry(), cancellation.action(), stallTimeout);
        }
        changed.await(Math.min(left, Cancellation.GLANCE_NANOS), TimeUnit.NANOSECONDS);
        cancellation.check();
      }
      List<ByteBuffer> arrival = arrived.remove();
      if (subscription != null) {
        subscription.request(1);
      }
      return Optional.of(arrival);
    } catch (InterruptedException e) {
      FetchCancelledException cancelled = cancellation.interrupted();
      cancelled.initCause(e);
      throw cancelled;
    } finally {
      lock.unlock();
    }
  }

  /** There at once, so that an answer counts as received when its head is. */
  @Override
  public CompletionStage<ResponseBody> getBody() {
    return CompletableFuture.completedFuture(this);
  }

  @Override
  public void onSubscribe(Flow.Subscription granted) {
    boolean unwanted;
    lock.lock();
    try {
      subscription = granted;
      unwanted = closed;
    } finally {
      lock.unlock();
    }
    if (unwanted) {
      granted.cancel();
    } else {
      granted.request(AHEAD);
    }
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    signal(() -> arrived.add(buffers));
  }

  @Override
  public void onError(Throwable cause) {
    signal(() -> failure = cause);
  }

  @Override
  public void onComplete() {
    signal(() -> complete = true);
  }

  private void signal(Runnable change) {
    lock.lock();
    try {
      change.run();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Lets go of the connection; what has not been read is lost. */
  @Override
  public void close() {
    Flow.Subscription granted;
    lock.lock();
    try {
      closed = true;
      arrived.clear();
      granted = subscription;
    } finally {
      lock.unlock();
    }
    if (granted != null) {
      granted.cancel();
    }
  }
}
