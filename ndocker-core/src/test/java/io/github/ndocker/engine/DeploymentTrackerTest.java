package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerProgress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeploymentTrackerTest {
  private static final long MEBIBYTE = 1L << 20;

  private static Layer layer(int position) {
    Digest digest = Digest.sha256(new byte[32]);
    return new Layer(position, digest, 100 * MEBIBYTE, new DiffId(digest));
  }

  @Test
  void doesNotReportEveryPieceHoweverManyLayersDownload() {
    List<DeploymentProgress> reports = new ArrayList<>();
    DeploymentTracker tracker =
        new DeploymentTracker(
            List.of(layer(0), layer(1), layer(2)), reports::add, () -> 0, () -> 0);
    // three downloads far apart from each other, in small pieces
    int pieces = 64;
    for (int piece = 1; piece <= pieces; piece++) {
      for (int position = 0; position < 3; position++) {
        tracker.arrived(position, position * 10L * MEBIBYTE + piece * 16_384L);
      }
    }
    long kilobytes = 3L * pieces * 16 + 30 * 1024;
    assertTrue(reports.size() <= kilobytes / 256 + 1, reports.size() + " reports");
    assertTrue(reports.size() >= 3L * pieces * 16 / 256, reports.size() + " reports");
    long last =
        reports.get(reports.size() - 1).layers().stream()
            .mapToLong(LayerProgress::downloadedBytes)
            .sum();
    assertTrue(last > 30 * MEBIBYTE, last + " bytes in the last report");
  }
}
