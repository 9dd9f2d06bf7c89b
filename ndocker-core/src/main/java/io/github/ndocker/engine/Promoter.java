package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotFileDetector;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.hotfile.HotPackDocument;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.HotPackWriter;
import io.github.ndocker.image.ImageConfig;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.PromotionRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what is hot of an image to the fast tier and brushes the rest back to the slow one.
 *
 * <p>Every step leaves a state that can be mounted, and a crash between two of them too: first the
 * pack is durable, then the catalogue names it, then the earlier pack goes and layers move, then
 * the metadata follows their new places.
 */
final class Promoter {
  private static final Logger LOG = LoggerFactory.getLogger(Promoter.class);

  private final TwoTierStore store;
  private final Catalogue catalogue;
  private final MetadataImages metadata;
  private final HotFileDetector detector;

  Promoter(
      TwoTierStore store, Catalogue catalogue, MetadataImages metadata, HotFileDetector detector) {
    this.store = store;
    this.catalogue = catalogue;
    this.metadata = metadata;
    this.detector = detector;
  }

  /** One at a time: of two images with the same pack, neither may let go of the other's. */
  synchronized Promotion promote(ImageRecord image, Optional<Profile> profile) throws IOException {
    HotSet hot = detector.detect(evidence(image, profile));
    List<DiffId> layers = image.layers().stream().map(Layer::diffId).toList();
    HotPackLayout layout = HotPackLayout.of(hot.files(), metadata.tree(layers), layers);
    Optional<PromotionRecord> before = catalogue.promotions().find(image.chainId());
    Optional<Digest> pack = Optional.empty();
    Promotion madeRoom = new Promotion(0, 0, 0);
    if (!layout.ranges().isEmpty()) {
      if (layout.bytes() > store.usage(Tier.FAST).freeBytes()) {
        // what leaves the fast tier anyway leaves it first
        madeRoom = moveLayers(image, hot, true);
        store.sweep();
      }
      pack = Optional.of(HotPackWriter.write(layout, store, Tier.FAST));
      catalogue
          .promotions()
          .put(new PromotionRecord(image.chainId(), pack, HotPackDocument.write(layout)));
    } else {
      catalogue.promotions().remove(image.chainId());
    }
    // before anything below can fail: once the catalogue names another pack, nothing else would
    // remember this one
    letGoOfEarlierPack(before, pack);
    Promotion moved = moveLayers(image, hot, false);
    metadata.prepare(image);
    store.sweep();
    return new Promotion(
        layout.bytes(),
        madeRoom.movedToFast() + moved.movedToFast(),
        madeRoom.movedToSlow() + moved.movedToSlow());
  }

  /** What the detector finds, without changing anything. */
  HotSet detect(ImageRecord image, Optional<Profile> profile) throws IOException {
    return detector.detect(evidence(image, profile));
  }

  private Promotion moveLayers(ImageRecord image, HotSet hot, boolean toMakeRoom)
      throws IOException {
    long toFast = 0;
    long toSlow = 0;
    Set<Digest> seen = new HashSet<>();
    for (Layer layer : image.layers()) {
      Digest blob = layer.diffId().digest();
      BlobLocation location = store.locate(blob).orElseThrow(() -> new BlobNotFoundException(blob));
      Tier target = hot.containsLayer(layer.position()) ? Tier.FAST : Tier.SLOW;
      if (location.isWhollyOn(target) || !seen.add(blob)) {
        continue;
      }
      try {
        if (toMakeRoom && target == Tier.SLOW) {
          store.evict(blob);
        } else {
          store.move(blob, target);
        }
        toFast += target == Tier.FAST ? location.bytesOn(Tier.SLOW) : 0;
        toSlow += target == Tier.SLOW ? location.bytesOn(Tier.FAST) : 0;
      } catch (TierFullException e) {
        if (target == Tier.SLOW) {
          throw e;
        }
        LOG.info("hot layer {} stays on the slow tier: {}", layer.position(), e.getMessage());
      }
    }
    return new Promotion(0, toFast, toSlow);
  }

  private void letGoOfEarlierPack(Optional<PromotionRecord> before, Optional<Digest> now)
      throws IOException {
    Optional<Digest> earlier = before.flatMap(PromotionRecord::hotPack);
    if (earlier.isEmpty() || earlier.equals(now)) {
      return;
    }
    for (PromotionRecord other : catalogue.promotions().list()) {
      if (other.hotPack().equals(earlier)) {
        return;
      }
    }
    store.delete(earlier.get());
  }

  private static ImageEvidence evidence(ImageRecord image, Optional<Profile> profile)
      throws IOException {
    ImageConfig config = ContainerSpecs.config(image);
    return new ImageEvidence(image.layers(), config.history(), profile);
  }
}
