package io.github.ndocker.engine;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the layers of one deployment are. Downloading threads write, the storing thread waits.
 * Thread-safe.
 */
final class DeploymentTracker {
  private static final long REPORT_BYTES = 256 << 10;

  private final DeploymentListener listener;
  private final List<LayerProgress> layers;

  /** Of all layers together: one layer's count says nothing of the others'. */
  private long unreportedBytes;

  private long lastByteNanos;
  private volatile boolean cancelled;
  private @Nullable Throwable failure;

  DeploymentTracker(List<Layer> layers, DeploymentListener listener) {
    this.listener = listener;
    this.layers = new ArrayList<>();
    for (Layer layer : layers) {
      this.layers.add(new LayerProgress(layer, LayerState.WAITING, 0));
    }
  }

  synchronized DeploymentProgress progress() {
    return new DeploymentProgress(layers);
  }

  /** The layer is there already: nothing of it is downloaded or stored. */
  synchronized void alreadyStored(int position) {
    Layer layer = layers.get(position).layer();
    layers.set(position, new LayerProgress(layer, LayerState.STORED, layer.compressedBytes()));
    report();
  }

  synchronized void advance(int position, LayerState state) {
    LayerProgress before = layers.get(position);
    if (state == LayerState.DOWNLOADED) {
      lastByteNanos = System.nanoTime();
    }
    layers.set(position, new LayerProgress(before.layer(), state, before.downloadedBytes()));
    report();
    notifyAll();
  }

  synchronized void arrived(int position, long bytes) {
    LayerProgress before = layers.get(position);
    layers.set(position, new LayerProgress(before.layer(), before.state(), bytes));
    unreportedBytes += Math.abs(bytes - before.downloadedBytes());
    if (unreportedBytes >= REPORT_BYTES) {
      report();
    }
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

  boolean isCancelled() {
    return cancelled;
  }

  /** Waits for the last byte of a layer. */
  synchronized void awaitDownload(int position) throws IOException {
    while (layers.get(position).state().isDownloadOutstanding()) {
      throwFailure();
      try {
        wait();
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

  private void report() {
    unreportedBytes = 0;
    listener.progressed(new DeploymentProgress(layers));
  }
}
