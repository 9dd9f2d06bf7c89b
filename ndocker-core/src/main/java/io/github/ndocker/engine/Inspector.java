package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.HistoryStep;
import io.github.ndocker.api.HotLayer;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.erofs.HotPack;
import io.github.ndocker.hotfile.PackedRange;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.image.ImageConfig;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.ProfileRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Says where an image lies. */
final class Inspector {
  private final TieredBlobStore store;
  private final Catalogue catalogue;
  private final MetadataImages metadata;
  private final Promoter promoter;

  Inspector(
      TieredBlobStore store, Catalogue catalogue, MetadataImages metadata, Promoter promoter) {
    this.store = store;
    this.catalogue = catalogue;
    this.metadata = metadata;
    this.promoter = promoter;
  }

  Inspection inspect(ImageRecord image) throws IOException {
    List<LayerPlace> places = places(image);
    HotPlaces hot = HotPlaces.of(catalogue.promotions().find(image.chainId()), store);
    boolean complete = places.stream().allMatch(place -> place.location().isPresent());
    return new Inspection(
        image.reference(),
        image.manifestDigest(),
        image.chainId(),
        places,
        hot.places(),
        complete ? hotFiles(image, hot.packs()) : List.of(),
        complete ? metadata.bytes(image) : 0);
  }

  private List<LayerPlace> places(ImageRecord image) throws IOException {
    ImageConfig config = ContainerSpecs.config(image);
    List<HistoryStep> steps = config.history().stream().filter(step -> !step.emptyLayer()).toList();
    HotSet hot = promoter.detect(image, Optional.empty());
    List<LayerPlace> places = new ArrayList<>();
    for (Layer layer : image.layers()) {
      int position = layer.position();
      places.add(
          new LayerPlace(
              layer,
              store.locate(layer.diffId().digest()),
              steps.size() == image.layers().size() ? steps.get(position).createdBy() : "",
              hot.layers().stream()
                  .filter(one -> one.position() == position)
                  .map(HotLayer::evidence)
                  .findFirst()));
    }
    return places;
  }

  private List<HotFilePlace> hotFiles(ImageRecord image, List<HotPack> packs) throws IOException {
    Set<String> paths = new LinkedHashSet<>();
    for (ProfileRecord profile : catalogue.profiles().list()) {
      if (profile.image().equals(image.chainId())) {
        ProfileDocument.read(profile.json()).files().forEach(file -> paths.add(file.path()));
      }
    }
    if (paths.isEmpty()) {
      return List.of();
    }
    List<DiffId> layers = image.layers().stream().map(Layer::diffId).toList();
    MergedTree tree = metadata.tree(layers);
    List<HotFilePlace> places = new ArrayList<>();
    for (String path : paths) {
      Optional<Inode> inode = tree.find(path).map(TreeNode::inode);
      if (inode.isPresent()) {
        places.add(place(path, inode.get(), layers, packs));
      }
    }
    return places;
  }

  private static HotFilePlace place(
      String path, Inode inode, List<DiffId> layers, List<HotPack> packs) {
    List<BlobExtent> ranges = new ArrayList<>();
    if (inode.sparse().isEmpty()) {
      DiffId layer = layers.get(inode.layer());
      for (HotPack pack : packs) {
        for (PackedRange range : pack.layout().within(layer, inode.dataOffset(), inode.size())) {
          ranges.addAll(
              pack.location().range(range.packOffset(), range.packOffset() + range.length()));
        }
      }
    }
    return new HotFilePlace(path, inode.size(), ranges);
  }
}
