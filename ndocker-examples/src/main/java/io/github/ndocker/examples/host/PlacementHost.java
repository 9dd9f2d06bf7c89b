package io.github.ndocker.examples.host;

import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A host that has a downloader and a storage of its own and takes only the placement policy from
 * N-Docker: it asks the policy, each time a layer becomes storable, which of its two directories to
 * put it in.
 */
public final class PlacementHost {
  private final LayerPlacementPolicy policy;
  private final Path fast;
  private final Path slow;

  /**
   * A host.
   *
   * @param policy where layers go
   * @param fast an existing directory on the fast medium
   * @param slow an existing directory on the slow medium
   */
  public PlacementHost(LayerPlacementPolicy policy, Path fast, Path slow) {
    this.policy = policy;
    this.fast = fast;
    this.slow = slow;
  }

  /**
   * Deploys an image: layers download in parallel and are stored in the order of the chain.
   *
   * @param layers the layers from the bottom up
   * @param source where they come from
   * @return the tier of each layer, from the bottom up
   * @throws IOException if a layer cannot be had or stored
   */
  public List<Tier> deploy(List<Layer> layers, ParallelDownload.Source source) throws IOException {
    Path arriving = Files.createTempDirectory("placement-host-");
    List<Tier> placed = new ArrayList<>();
    try (ParallelDownload download = new ParallelDownload(layers, source, arriving)) {
      for (Layer layer : layers) {
        int position = layer.position();
        Path file = download.await(position);
        Tier tier = policy.place(position, download.progress());
        download.advance(position, LayerState.STORING);
        Files.move(file, (tier == Tier.FAST ? fast : slow).resolve(layer.diffId().digest().hex()));
        download.advance(position, LayerState.STORED);
        placed.add(tier);
      }
    } finally {
      clear(arriving);
    }
    return placed;
  }

  /** Removes what was downloaded and, because another layer failed, not stored. */
  private static void clear(Path arriving) throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(arriving)) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    Files.delete(arriving);
  }
}
