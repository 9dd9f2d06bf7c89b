package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.ChainId;
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
import io.github.ndocker.hotfile.LayerFiles;
import io.github.ndocker.hotfile.PackedRange;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.NamedLocks;
import io.github.ndocker.store.PromotionRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.ArrayList;
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
  private final Records records;
  private final Retention retention;
  private final NamedLocks<ChainId> chains;

  Promoter(
      TwoTierStore store,
      Catalogue catalogue,
      MetadataImages metadata,
      HotFileDetector detector,
      Records records,
      Retention retention,
      NamedLocks<ChainId> chains) {
    this.store = store;
    this.catalogue = catalogue;
    this.records = records;
    this.retention = retention;
    this.chains = chains;
    this.metadata = metadata;
    this.detector = detector;
  }

  /** One at a time for images of the same layers. */
  Promotion promote(ImageRecord image, Optional<Profile> profile) throws IOException {
    try (NamedLocks<ChainId>.Held held = chains.lock(image.chainId());
        Retention.Claim layers = retention.claim(Records.blobs(image))) {
      if (!catalogue.images().hasChain(image.chainId())) {
        throw new NotDeployedException(ImageReference.parse(image.reference()));
      }
      return promoteClaimed(image, profile);
    }
  }

  private Promotion promoteClaimed(ImageRecord image, Optional<Profile> profile)
      throws IOException {
    HotSet hot = detector.detect(evidence(image, profile));
    List<DiffId> layers = image.layers().stream().map(Layer::diffId).toList();
    HotPackLayout layout = HotPackLayout.of(hot.files(), metadata.tree(layers), layers);
    Promotion madeRoom = new Promotion(0, 0, 0);
    if (!layout.ranges().isEmpty()) {
      if (layout.bytes() > store.usage(Tier.FAST).freeBytes()) {
        // what leaves the fast tier anyway leaves it first
        madeRoom = moveLayers(image, hot, true);
        store.sweep();
      }
      record(image, layout);
    } else {
      Optional<PromotionRecord> before = catalogue.promotions().find(image.chainId());
      if (before.isPresent()) {
        retention.drop(records.remove(before.get()));
      }
    }
    Promotion moved = moveLayers(image, hot, false);
    metadata.prepare(image);
    store.sweep();
    return new Promotion(
        layout.bytes(),
        madeRoom.movedToFast() + moved.movedToFast(),
        madeRoom.movedToSlow() + moved.movedToSlow());
  }

  /** Writes the pack, and the catalogue's record of it, which lets go of an earlier one. */
  private void record(ImageRecord image, HotPackLayout layout) throws IOException {
    for (DiffId layer : layout.ranges().stream().map(PackedRange::layer).distinct().toList()) {
      // a pack has a digest of its own, by which damage that it copied would look right for ever
      store.verify(layer.digest());
    }
    List<Digest> written = new ArrayList<>();
    // shared: nobody knows the pack's name before it is there
    try (Retention.Claim claim =
        retention.shared(
            () -> {
              written.add(HotPackWriter.write(layout, store, Tier.FAST));
              return retention.claim(Set.copyOf(written));
            })) {
      records.put(
          new PromotionRecord(
              image.chainId(), written.stream().findFirst(), HotPackDocument.write(layout)));
    }
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

  private ImageEvidence evidence(ImageRecord image, Optional<Profile> profile) throws IOException {
    List<DiffId> layers = image.layers().stream().map(Layer::diffId).toList();
    ImageEvidence evidence = ContainerSpecs.config(image).evidence(image.layers(), profile);
    // of an image with layers missing only the documents can be read
    return layers.stream().allMatch(layer -> store.locate(layer.digest()).isPresent())
        ? evidence.with(new LayerFiles(() -> metadata.tree(layers), layers, store))
        : evidence;
  }
}
