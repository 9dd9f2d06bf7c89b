package io.github.ndocker.engine;

import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.RegistryClient;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Downloads the layers of one image, three at once as Docker does, to temporary files that wait
 * there to be stored in the order of the chain. The files are never forced: after a power cut they
 * are of no use. Closing ends what still downloads and removes them.
 */
final class LayerSpool implements Closeable {
  private static final int PARALLEL_DOWNLOADS = 3;
  private static final long MAX_CLOSE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Path directory;
  private final RegistryClient registry;
  private final ImageReference reference;
  private final DeploymentTracker tracker;
  private final ExecutorService downloads = Executors.newFixedThreadPool(PARALLEL_DOWNLOADS);

  LayerSpool(
      Path parent, RegistryClient registry, ImageReference reference, DeploymentTracker tracker)
      throws IOException {
    this.directory = Files.createTempDirectory(parent, "deploy-");
    this.registry = registry;
    this.reference = reference;
    this.tracker = tracker;
  }

  /** Begins the downloads, the bottom layer first. */
  void download(List<Layer> layers) {
    for (Layer layer : new ArrayList<>(layers)) {
      downloads.execute(() -> download(layer));
    }
  }

  /** The file of a layer whose download has ended. */
  Path file(Layer layer) {
    return directory.resolve(Integer.toString(layer.position()));
  }

  void discard(Layer layer) throws IOException {
    Files.deleteIfExists(file(layer));
  }

  /** Waits for the downloads, which see that they are cancelled, also when interrupted. */
  @Override
  public void close() throws IOException {
    tracker.cancel();
    downloads.shutdown();
    boolean interrupted = false;
    long since = System.nanoTime();
    try {
      while (!downloads.isTerminated()) {
        try {
          if (!downloads.awaitTermination(1, TimeUnit.SECONDS)
              && System.nanoTime() - since > MAX_CLOSE_NANOS) {
            throw new NDockerException(
                "downloads of " + reference + " do not end; their files stay in " + directory);
          }
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      clear(directory);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Removes what an earlier process left when it was killed. */
  static void sweep(Path parent) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(parent, "deploy-*")) {
      for (Path directory : left) {
        clear(directory);
      }
    }
  }

  private static void clear(Path directory) throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }

  private void download(Layer layer) {
    if (tracker.isCancelled()) {
      return;
    }
    int position = layer.position();
    try {
      tracker.advance(position, LayerState.DOWNLOADING);
      try (FileChannel file =
          FileChannel.open(file(layer), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        registry.fetch(
            reference,
            layer,
            file,
            bytes -> tracker.arrived(position, bytes),
            tracker::isCancelled);
      }
      tracker.advance(position, LayerState.DOWNLOADED);
    } catch (IOException | RuntimeException | Error e) {
      // whoever waits for the layer throws it, or would wait for ever
      tracker.fail(e);
    }
  }
}
