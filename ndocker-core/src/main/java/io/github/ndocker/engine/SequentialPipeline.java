package io.github.ndocker.engine;

import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.RegistryClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** {@link Pipeline#SEQUENTIAL}. */
final class SequentialPipeline implements LayerPipeline {
  private final RegistryClient registry;
  private final LayerPlacementPolicy policy;
  private final LayerStorage layers;
  private final Path spool;

  /**
   * A pipeline.
   *
   * @param spool a directory for layers that wait to be stored
   */
  SequentialPipeline(
      RegistryClient registry, LayerPlacementPolicy policy, LayerStorage layers, Path spool) {
    this.registry = registry;
    this.policy = policy;
    this.layers = layers;
    this.spool = spool;
  }

  @Override
  public void run(ImageReference reference, List<Layer> missing, DeploymentTracker tracker)
      throws IOException {
    try (LayerSpool downloads = new LayerSpool(spool, registry, reference, tracker)) {
      downloads.download(missing);
      for (Layer layer : missing) {
        store(layer, downloads, tracker);
      }
    }
  }

  private void store(Layer layer, LayerSpool downloads, DeploymentTracker tracker)
      throws IOException {
    tracker.awaitDownload(layer.position());
    Tier tier = policy.place(layer.position(), tracker.progress());
    tracker.advance(layer.position(), LayerState.STORING);
    layers.store(layer, downloads.file(layer), tier, tracker);
    downloads.discard(layer);
    tracker.advance(layer.position(), LayerState.STORED);
  }
}
