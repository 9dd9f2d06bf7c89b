package io.github.ndocker.engine;

import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.source.ImageSource;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Downloads the layers of one image, three at once as Docker does, to temporary files that wait
 * there to be stored in the order of the chain. The files are never forced: after a power cut they
 * are of no use. Closing ends what still downloads and removes them.
 */
final class LayerSpool implements Closeable {
  private static final int PARALLEL_DOWNLOADS = 3;
  private static final int COPIED_BYTES = 1 << 16;

  private final Path directory;
  private final ImageSource source;
  private final ImageReference reference;
  private final DeploymentTracker tracker;
  private final WorkerThreads downloads;

  LayerSpool(Path parent, ImageSource source, ImageReference reference, DeploymentTracker tracker)
      throws IOException {
    this.directory = Files.createTempDirectory(parent, "deploy-");
    this.source = source;
    this.reference = reference;
    this.tracker = tracker;
    this.downloads = new WorkerThreads(PARALLEL_DOWNLOADS, "pulling " + reference, tracker);
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

  @Override
  public void close() throws IOException {
    downloads.close();
    clear(directory);
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

  /** Ends only if all bytes were right. */
  private static void copy(InputStream bytes, OutputStream file) throws IOException {
    byte[] buffer = new byte[COPIED_BYTES];
    for (int count = bytes.read(buffer); count >= 0; count = bytes.read(buffer)) {
      file.write(buffer, 0, count);
    }
  }

  private void download(Layer layer) {
    if (tracker.isCancelled()) {
      return;
    }
    int position = layer.position();
    try {
      tracker.advance(position, LayerState.DOWNLOADING);
      try (OutputStream file =
              Files.newOutputStream(
                  file(layer), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
          InputStream bytes =
              source.open(
                  reference,
                  layer,
                  arrived -> tracker.arrived(position, arrived),
                  tracker::isCancelled)) {
        copy(bytes, file);
      }
      tracker.advance(position, LayerState.DOWNLOADED);
    } catch (IOException | RuntimeException | Error e) {
      // whoever waits for the layer throws it, or would wait for ever
      tracker.fail(e);
    }
  }
}
