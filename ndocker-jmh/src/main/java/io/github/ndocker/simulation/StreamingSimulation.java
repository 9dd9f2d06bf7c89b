package io.github.ndocker.simulation;

import io.github.ndocker.api.DeploymentPace;
import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.Tier;
import java.util.ArrayList;
import java.util.List;

/**
 * A deployment that stores while it downloads: every piece of a layer is placed when it has been
 * inflated, and each tier writes what it was given, in that order.
 */
final class StreamingSimulation {
  private final SimulatedImage image;
  private final SimulatedHost host;
  private final LayerPlacementPolicy policy;
  private final long pieceBytes;
  private final Downloads downloads;
  private final long[] inflated;
  private final long[] slow;
  private final long[] fast;
  private double slowFreeAt;
  private double fastFreeAt;

  private StreamingSimulation(
      SimulatedImage image, SimulatedHost host, LayerPlacementPolicy policy, long pieceBytes) {
    this.image = image;
    this.host = host;
    this.policy = policy;
    this.pieceBytes = pieceBytes;
    this.downloads = new Downloads(image.layers(), host.network());
    this.inflated = new long[image.layers().size()];
    this.slow = new long[image.layers().size()];
    this.fast = new long[image.layers().size()];
  }

  static SimulatedDeployment run(
      SimulatedImage image, SimulatedHost host, LayerPlacementPolicy policy, long pieceBytes) {
    return new StreamingSimulation(image, host, policy, pieceBytes).run();
  }

  /**
   * The fewest bytes on the fast tier with which a deployment can end in that time, by whoever
   * knows all that will come and has memory without end: the slow tier cannot have written more
   * than has arrived, and from any moment on no more than it writes in the time that is left.
   */
  static long leastFastBytes(
      SimulatedImage image, SimulatedHost host, long pieceBytes, double totalSeconds) {
    double[] least = {Math.min((double) image.bytes(), host.slow() * totalSeconds)};
    long[] arrived = {0};
    StreamingSimulation simulation =
        new StreamingSimulation(
            image,
            host,
            (position, progress) -> {
              double left = totalSeconds - progress.pace().elapsedNanos() / 1e9;
              least[0] = Math.min(least[0], arrived[0] + host.slow() * Math.max(0, left));
              arrived[0] = progress.layers().stream().mapToLong(LayerProgress::inflatedBytes).sum();
              return Tier.FAST;
            },
            pieceBytes);
    simulation.run();
    return image.bytes() - (long) least[0];
  }

  private SimulatedDeployment run() {
    int last = 0;
    while (!downloads.areOver()) {
      double now = downloads.next(this::nextPiece);
      int layer = downloads.first(this::nextPiece);
      double mark = nextPiece(layer);
      downloads.advance(now);
      downloads.reached(layer, mark);
      last = layer;
      place(layer, now);
    }
    double download = downloads.now();
    long all = 0;
    for (long bytes : fast) {
      all += bytes;
    }
    return new SimulatedDeployment(
        download, Math.max(download, Math.max(slowFreeAt, fastFreeAt)), all, last, 0);
  }

  private void place(int layer, double now) {
    long bytes = Math.min(pieceBytes, image.inflatedBytes().get(layer) - inflated[layer]);
    inflated[layer] += bytes;
    if (policy.place(layer, progress(now)) == Tier.SLOW) {
      slow[layer] += bytes;
      slowFreeAt = Math.max(slowFreeAt, now) + bytes / host.slow();
    } else {
      fast[layer] += bytes;
      fastFreeAt = Math.max(fastFreeAt, now) + bytes / host.fast();
    }
  }

  /** Compressed bytes of a layer with which its next piece is complete. */
  private double nextPiece(int layer) {
    long all = image.inflatedBytes().get(layer);
    long next = Math.min(all, inflated[layer] + pieceBytes);
    long compressed = image.layers().get(layer).compressedBytes();
    return next == all ? compressed : (double) compressed * next / all;
  }

  private DeploymentProgress progress(double now) {
    List<LayerProgress> layers = new ArrayList<>();
    for (int layer = 0; layer < image.layers().size(); layer++) {
      layers.add(
          new LayerProgress(
              image.layers().get(layer),
              downloads.state(layer),
              downloads.arrivedBytes(layer),
              inflated[layer],
              slow[layer],
              fast[layer]));
    }
    long arrived = layers.stream().mapToLong(LayerProgress::downloadedBytes).sum();
    long backlog = (long) (Math.max(0, slowFreeAt - now) * host.slow());
    return new DeploymentProgress(
        layers, new DeploymentPace((long) (now * 1e9), arrived / now, backlog, host.slow()));
  }
}
