package io.github.ndocker.examples.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ParallelDownloadTest {
  @TempDir private Path directory;

  @Test
  void threeLayersDownloadAtOnce() throws IOException {
    CyclicBarrier three = new CyclicBarrier(3);
    ParallelDownload.Source source =
        (layer, file) -> {
          try {
            three.await(30, TimeUnit.SECONDS);
          } catch (Exception e) {
            throw new IOException(e);
          }
          Files.createFile(file);
        };
    try (ParallelDownload download = new ParallelDownload(layers(3), source, directory)) {
      for (int position = 0; position < 3; position++) {
        assertTrue(Files.exists(download.await(position)));
      }
    }
  }

  @Test
  void theProgressSaysThatEveryByteHasArrived() throws IOException {
    long before = System.nanoTime();
    try (ParallelDownload download =
        new ParallelDownload(layers(2), (layer, file) -> Files.createFile(file), directory)) {
      download.await(0);
      download.await(1);
      assertFalse(download.progress().isDownloadOutstanding());
      for (LayerProgress layer : download.progress().layers()) {
        assertEquals(LayerState.DOWNLOADED, layer.state());
        assertEquals(layer.layer().compressedBytes(), layer.downloadedBytes());
      }
      assertTrue(download.lastByteNanos() - before >= 0);
    }
  }

  @Test
  void aFailureIsThrownToWhoWaitsForTheLayer() throws IOException {
    ParallelDownload.Source source =
        (layer, file) -> {
          throw new IOException("no such layer");
        };
    try (ParallelDownload download = new ParallelDownload(layers(1), source, directory)) {
      IOException failure = assertThrows(IOException.class, () -> download.await(0));
      assertEquals("no such layer", failure.getCause().getMessage());
      assertTrue(download.progress().isDownloadOutstanding());
    }
  }

  private static List<Layer> layers(int count) {
    List<Layer> layers = new ArrayList<>();
    for (int position = 0; position < count; position++) {
      byte[] hash = new byte[32];
      hash[0] = (byte) position;
      layers.add(new Layer(position, Digest.sha256(hash), 10, new DiffId(Digest.sha256(hash))));
    }
    return layers;
  }
}
