package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.HistoryStep;
import io.github.ndocker.api.HotLayer;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.erofs.HotPack;
import io.github.ndocker.hotfile.HotPackDocument;
import io.github.ndocker.hotfile.PackedRange;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.image.ImageConfig;
import io.github.ndocker.layer.Inode;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.layer.TreeNode;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.ProfileRecord;
import io.github.ndocker.store.PromotionRecord;
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
    Optional<HotPack> pack = hotPack(image);
    boolean complete = places.stream().allMatch(place -> place.location().isPresent());
    return new Inspection(
        image.reference(),
        image.manifestDigest(),
        image.chainId(),
        places,
        pack.map(HotPack::location),
        complete ? hotFiles(image, pack) : List.of(),
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

  /** The hot pack, if the image is promoted and the pack is there. */
  private Optional<HotPack> hotPack(ImageRecord image) throws IOException {
    Optional<PromotionRecord> promotion = catalogue.promotions().find(image.chainId());
    Optional<BlobLocation> location =
        promotion.flatMap(PromotionRecord::hotPack).flatMap(store::locate);
    if (promotion.isEmpty() || location.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new HotPack(location.get(), HotPackDocument.read(promotion.get().layoutJson())));
  }

  private List<HotFilePlace> hotFiles(ImageRecord image, Optional<HotPack> pack)
      throws IOException {
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
        places.add(place(path, inode.get(), layers, pack));
      }
    }
    return places;
  }

  private static HotFilePlace place(
      String path, Inode inode, List<DiffId> layers, Optional<HotPack> pack) {
    List<BlobExtent> ranges = new ArrayList<>();
    if (pack.isPresent() && inode.sparse().isEmpty()) {
      BlobLocation blob = pack.get().location();
      DiffId layer = layers.get(inode.layer());
      for (PackedRange range :
          pack.get().layout().within(layer, inode.dataOffset(), inode.size())) {
        ranges.addAll(blob.range(range.packOffset(), range.packOffset() + range.length()));
      }
    }
    return new HotFilePlace(path, inode.size(), ranges);
  }
}
