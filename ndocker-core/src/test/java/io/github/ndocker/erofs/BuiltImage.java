package io.github.ndocker.erofs;

import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.MergedTree;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What N-Docker makes of an image: all that a {@link Provider} needs.
 *
 * @param layers the layers from the bottom up
 * @param files what the metadata names as devices, in its order
 * @param metadata the metadata image
 * @param metadataBytes its size
 */
record BuiltImage(List<LayerIndex> layers, List<Path> files, Path metadata, long metadataBytes) {

  /** An image whose layers lie in a file each. */
  static BuiltImage of(List<LayerBlob> layers, Path metadata) throws IOException {
    List<Device> devices = new ArrayList<>();
    for (LayerBlob layer : layers) {
      devices.add(layer.device(devices.size()));
    }
    return of(
        layers.stream().map(LayerBlob::index).toList(),
        layers.stream().map(LayerBlob::tar).toList(),
        ContentMap.ofLayers(devices),
        metadata);
  }

  /** An image whose layers lie anywhere. */
  static BuiltImage of(
      List<LayerIndex> layers, List<Path> files, ContentMap contents, Path metadata)
      throws IOException {
    ErofsSummary summary = new ErofsWriter().write(MergedTree.of(layers), contents, metadata);
    return new BuiltImage(layers, files, metadata, summary.bytes());
  }

  /** Bytes of all layers, inflated. */
  long imageBytes() {
    return layers.stream().mapToLong(LayerIndex::tarBytes).sum();
  }
}
