package io.github.ndocker.engine;

import io.github.ndocker.api.DeploymentPace;
import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Where the layers of one deployment are. Downloading threads write, the storing thread waits.
 * Thread-safe.
 */
final class DeploymentTracker {
  private static final long REPORT_BYTES = 256 << 10;
  private static final long GLANCE_MILLIS = 20;

  /** What is in the buffers on the way comes at once, and says nothing of the rate either. */
  private static final long LEAST_TRANSFER_NANOS = 10_000_000;

  private final DeploymentListener listener;
  private final LongSupplier slowBacklogBytes;
  private final DoubleSupplier slowBytesPerSecond;
  private final List<LayerProgress> layers;
  private final long startNanos = System.nanoTime();

  /**
   * Downloaded or stored, of all layers together: one layer's count says nothing of the others'.
   */
  private long unreportedBytes;

  /** What has come by the network, also if it had to come twice. */
  private long arrivedBytes;

  private long firstByteNanos;
  private long lastByteNanos;
  private OptionalInt lastDownloaded = OptionalInt.empty();
  private volatile boolean cancelled;
  private volatile @Nullable IOException withdrawal;
  private @Nullable Throwable failure;

  /**
   * Nothing has come yet.
   *
   * @param layers the layers of the image
   * @param listener hears how it goes on
   * @param slowBacklogBytes what the slow tier was given and has not made durable
   * @param slowBytesPerSecond how fast it does; 0 if unknown
   */
  DeploymentTracker(
      List<Layer> layers,
      DeploymentListener listener,
      LongSupplier slowBacklogBytes,
      DoubleSupplier slowBytesPerSecond) {
    this.listener = listener;
    this.slowBacklogBytes = slowBacklogBytes;
    this.slowBytesPerSecond = slowBytesPerSecond;
    this.layers = new ArrayList<>();
    for (Layer layer : layers) {
      this.layers.add(new LayerProgress(layer, LayerState.WAITING, 0));
    }
  }

  synchronized DeploymentProgress progress() {
    return new DeploymentProgress(layers, pace(), lastDownloaded);
  }

  private DeploymentPace pace() {
    long now = System.nanoTime();
    // the time for manifests and connections says nothing of the rate
    long transfer = Math.max(LEAST_TRANSFER_NANOS, now - firstByteNanos);
    return new DeploymentPace(
        Math.max(1, now - startNanos),
        arrivedBytes * 1e9 / transfer,
        slowBacklogBytes.getAsLong(),
        slowBytesPerSecond.getAsDouble());
  }

  /** The layer is there already: nothing of it is downloaded or stored. */
  synchronized void alreadyStored(int position) {
    Layer layer = layers.get(position).layer();
    layers.set(position, new LayerProgress(layer, LayerState.STORED, layer.compressedBytes()));
    report();
    notifyAll();
  }

  synchronized void advance(int position, LayerState state) {
    layers.set(position, layers.get(position).withState(state));
    if (state == LayerState.DOWNLOADED) {
      lastDownloaded = OptionalInt.of(position);
    }
    report();
    notifyAll();
  }

  /** What has come of the layer has to come once more. */
  synchronized void startAgain(int position) {
    layers.set(position, new LayerProgress(layers.get(position).layer(), LayerState.WAITING, 0));
    report();
  }

  /** What has been stored of the layer has to be stored once more. */
  synchronized void storeAgain(int position) {
    LayerProgress before = layers.get(position);
    layers.set(
        position, new LayerProgress(before.layer(), before.state(), before.downloadedBytes()));
    report();
  }

  synchronized void arrived(int position, long bytes) {
    LayerProgress before = layers.get(position);
    layers.set(position, before.withDownloadedBytes(bytes));
    lastByteNanos = System.nanoTime();
    firstByteNanos = firstByteNanos == 0 ? lastByteNanos : firstByteNanos;
    long more = Math.max(0, bytes - before.downloadedBytes());
    arrivedBytes += more;
    count(more);
  }

  /** More bytes of a layer's tar are there, and are about to be placed. */
  synchronized void inflated(int position, long bytes) {
    layers.set(position, layers.get(position).afterInflating(bytes));
  }

  /** Bytes of a layer's tar were given to a tier. */
  synchronized void placed(int position, Tier tier, long bytes) {
    layers.set(position, layers.get(position).afterPlacing(tier, bytes));
    count(bytes);
  }

  /**
   * Ends the deployment: what waits throws, and what downloads sees that it is cancelled. The first
   * failure counts.
   */
  synchronized void fail(Throwable cause) {
    if (failure == null) {
      failure = cause;
    }
    cancel();
  }

  synchronized void cancel() {
    cancelled = true;
    notifyAll();
  }

  /**
   * As {@link #fail}, for somebody who must not wait for whoever is just told of progress: threads
   * that wait here notice it soon.
   */
  void withdraw(IOException reason) {
    withdrawal = reason;
    cancelled = true;
  }

  boolean isCancelled() {
    return cancelled;
  }

  /** For threads that do something long and wait for nothing. */
  void throwIfCancelled() throws IOException {
    if (cancelled) {
      synchronized (this) {
        throwFailure();
      }
      throw new NDockerException("the deployment was given up");
    }
  }

  /** Waits for the last byte of a layer. */
  void awaitDownload(int position) throws IOException {
    await(position, state -> !state.isDownloadOutstanding());
  }

  /** Waits until a layer is stored. */
  void awaitStored(int position) throws IOException {
    await(position, state -> state == LayerState.STORED);
  }

  private synchronized void await(int position, Predicate<LayerState> reached) throws IOException {
    while (!reached.test(layers.get(position).state())) {
      throwFailure();
      try {
        wait(GLANCE_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted while waiting for layer " + position, e);
      }
    }
    throwFailure();
  }

  /** When the last byte of any layer arrived, if any had to. */
  synchronized Optional<Long> lastByteNanos() {
    return lastByteNanos == 0 ? Optional.empty() : Optional.of(lastByteNanos);
  }

  private void throwFailure() throws IOException {
    IOException withdrawn = withdrawal;
    if (withdrawn != null) {
      throw withdrawn;
    }
    if (failure instanceof IOException io) {
      throw io;
    }
    if (failure instanceof RuntimeException runtime) {
      throw runtime;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  private void count(long bytes) {
    unreportedBytes += bytes;
    if (unreportedBytes >= REPORT_BYTES) {
      report();
    }
  }

  private void report() {
    unreportedBytes = 0;
    listener.progressed(progress());
  }
}
