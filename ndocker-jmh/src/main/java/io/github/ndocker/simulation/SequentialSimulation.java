package io.github.ndocker.simulation;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import java.util.ArrayList;
import java.util.List;

/**
 * A deployment as in the paper: a layer is stored when it has arrived wholly and the one below it
 * is stored, one at a time.
 */
final class SequentialSimulation {
  private final SimulatedImage image;
  private final SimulatedHost host;
  private final LayerPlacementPolicy policy;
  private final Downloads downloads;
  private int stored;
  private boolean storing;
  private double storedAt = Double.POSITIVE_INFINITY;
  private double rate;
  private long fastBytes;

  private SequentialSimulation(
      SimulatedImage image, SimulatedHost host, LayerPlacementPolicy policy) {
    this.image = image;
    this.host = host;
    this.policy = policy;
    this.downloads = new Downloads(image.layers(), host.network());
  }

  static SimulatedDeployment run(
      SimulatedImage image, SimulatedHost host, LayerPlacementPolicy policy) {
    return new SequentialSimulation(image, host, policy).run();
  }

  private SimulatedDeployment run() {
    Downloads.Mark end = layer -> image.layers().get(layer).compressedBytes();
    double download = 0;
    int last = 0;
    long unfinished = 0;
    double now = 0;
    while (stored < image.layers().size()) {
      beginStoring(now);
      double arrives = downloads.next(end);
      now = Math.min(arrives, storedAt);
      boolean ends = arrives <= storedAt;
      int first = ends ? downloads.first(end) : 0;
      if (!downloads.areOver()) {
        downloads.advance(now);
      }
      if (!ends) {
        stored++;
        storing = false;
        storedAt = Double.POSITIVE_INFINITY;
        continue;
      }
      downloads.reached(first, end.of(first));
      if (downloads.areOver()) {
        download = now;
        last = first;
        unfinished = unfinishedBelow(last, now);
      }
    }
    return new SimulatedDeployment(download, now, fastBytes, last, unfinished);
  }

  private void beginStoring(double now) {
    if (storing || downloads.state(stored) != LayerState.DOWNLOADED) {
      return;
    }
    long bytes = image.inflatedBytes().get(stored);
    boolean fast = policy.place(stored, progress()) == Tier.FAST;
    fastBytes += fast ? bytes : 0;
    rate = fast ? host.fast() : host.slow();
    storing = true;
    storedAt = now + bytes / rate;
  }

  private long unfinishedBelow(int last, double now) {
    if (stored >= last) {
      return 0;
    }
    double bytes = storing ? (storedAt - now) * rate : image.inflatedBytes().get(stored);
    for (int layer = stored + 1; layer < last; layer++) {
      bytes += image.inflatedBytes().get(layer);
    }
    return (long) bytes;
  }

  private DeploymentProgress progress() {
    List<LayerProgress> layers = new ArrayList<>();
    for (int layer = 0; layer < image.layers().size(); layer++) {
      layers.add(
          new LayerProgress(
              image.layers().get(layer),
              layer < stored ? LayerState.STORED : downloads.state(layer),
              downloads.arrivedBytes(layer)));
    }
    return new DeploymentProgress(layers);
  }
}
