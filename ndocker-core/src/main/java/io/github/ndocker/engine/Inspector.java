package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.HistoryStep;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.HotLayer;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.image.ImageConfig;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.ProfileRecord;
import io.github.ndocker.store.PromotionRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
    boolean complete = places.stream().allMatch(place -> place.location().isPresent());
    return new Inspection(
        image.reference(),
        image.manifestDigest(),
        image.chainId(),
        places,
        hotPack(image),
        hotFiles(image),
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

  private Optional<BlobLocation> hotPack(ImageRecord image) throws IOException {
    return catalogue
        .promotions()
        .find(image.chainId())
        .flatMap(PromotionRecord::hotPack)
        .flatMap(store::locate);
  }

  private List<HotFile> hotFiles(ImageRecord image) throws IOException {
    List<HotFile> files = new ArrayList<>();
    for (ProfileRecord profile : catalogue.profiles().list()) {
      if (profile.image().equals(image.chainId())) {
        files.addAll(ProfileDocument.read(profile.json()).files());
      }
    }
    return files;
  }
}
