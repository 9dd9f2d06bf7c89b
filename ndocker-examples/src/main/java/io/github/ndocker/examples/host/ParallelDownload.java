package io.github.ndocker.examples.host;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** A host's own downloader: three layers at once, each into a file. Thread-safe. */
public final class ParallelDownload implements Closeable {
  private static final int SLOTS = 3;

  private final ExecutorService slots = Executors.newFixedThreadPool(SLOTS);
  private final List<LayerProgress> progress = new ArrayList<>();
  private final List<Future<Path>> files = new ArrayList<>();
  private long lastByteNanos;

  /** Where layers come from. */
  @FunctionalInterface
  public interface Source {
    /**
     * Fetches a layer and checks its digest.
     *
     * @param layer which
     * @param target the file to write
     * @throws IOException if it cannot be had
     */
    void fetch(Layer layer, Path target) throws IOException;
  }

  /**
   * Begins to download, the bottom layer first.
   *
   * @param layers the layers of an image from the bottom up
   * @param source where they come from
   * @param directory an existing directory, for a file named after each layer's position
   */
  public ParallelDownload(List<Layer> layers, Source source, Path directory) {
    for (Layer layer : layers) {
      progress.add(new LayerProgress(layer, LayerState.WAITING, 0));
    }
    for (Layer layer : layers) {
      files.add(slots.submit(() -> download(layer, source, directory)));
    }
  }

  /**
   * Waits for one layer.
   *
   * @param position which
   * @return its file
   * @throws IOException if it could not be had
   */
  public Path await(int position) throws IOException {
    try {
      return files.get(position).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for layer " + position, e);
    } catch (ExecutionException e) {
      throw new IOException("layer " + position + " could not be downloaded", e.getCause());
    }
  }

  /**
   * The deployment as a placement policy wants to see it.
   *
   * @return a snapshot
   */
  public synchronized DeploymentProgress progress() {
    return new DeploymentProgress(progress);
  }

  /**
   * Notes how far the host has come with a layer.
   *
   * @param position which
   * @param state where it is now
   */
  public synchronized void advance(int position, LayerState state) {
    Layer layer = progress.get(position).layer();
    long arrived = state.isDownloadOutstanding() ? 0 : layer.compressedBytes();
    progress.set(position, new LayerProgress(layer, state, arrived));
    if (state == LayerState.DOWNLOADED) {
      lastByteNanos = System.nanoTime();
    }
  }

  /**
   * When the last byte so far arrived.
   *
   * @return as {@link System#nanoTime} counts
   */
  public synchronized long lastByteNanos() {
    return lastByteNanos;
  }

  /** Ends what still downloads, and waits until nothing writes any more. */
  @Override
  public void close() {
    slots.shutdownNow();
    try {
      slots.awaitTermination(1, TimeUnit.MINUTES);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Path download(Layer layer, Source source, Path directory) throws IOException {
    advance(layer.position(), LayerState.DOWNLOADING);
    Path file = directory.resolve("layer-" + layer.position());
    source.fetch(layer, file);
    advance(layer.position(), LayerState.DOWNLOADED);
    return file;
  }
}
