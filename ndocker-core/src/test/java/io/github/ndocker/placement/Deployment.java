package io.github.ndocker.placement;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * A deployment without a network or a disk: downloads end in a given order, storing takes no time.
 */
final class Deployment {
  /** The tier of each layer from the bottom up. */
  record Outcome(List<Tier> tiers) {}

  private Deployment() {}

  /**
   * Visits every order in which downloads can end when they begin from the bottom, some at once.
   */
  static void everyOrder(int layers, int slots, Consumer<List<Integer>> visitor) {
    extend(new ArrayList<>(), layers, slots, visitor);
  }

  private static void extend(
      List<Integer> ended, int layers, int slots, Consumer<List<Integer>> visitor) {
    if (ended.size() == layers) {
      visitor.accept(List.copyOf(ended));
      return;
    }
    int running = 0;
    for (int layer = 0; layer < layers && running < slots; layer++) {
      if (!ended.contains(layer)) {
        running++;
        ended.add(layer);
        extend(ended, layers, slots, visitor);
        ended.remove(ended.size() - 1);
      }
    }
  }

  static Outcome run(LayerPlacementPolicy policy, List<Layer> layers, List<Integer> order) {
    List<LayerProgress> progress = new ArrayList<>();
    for (Layer layer : layers) {
      progress.add(new LayerProgress(layer, LayerState.WAITING, 0));
    }
    List<Tier> tiers = new ArrayList<>();
    for (int ended : order) {
      Layer layer = layers.get(ended);
      progress.set(ended, new LayerProgress(layer, LayerState.DOWNLOADED, layer.compressedBytes()));
      while (tiers.size() < layers.size()
          && progress.get(tiers.size()).state() == LayerState.DOWNLOADED) {
        int position = tiers.size();
        tiers.add(policy.place(position, new DeploymentProgress(progress)));
        Layer stored = layers.get(position);
        progress.set(
            position, new LayerProgress(stored, LayerState.STORED, stored.compressedBytes()));
      }
    }
    return new Outcome(List.copyOf(tiers));
  }
}
