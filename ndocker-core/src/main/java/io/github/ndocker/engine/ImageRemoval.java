package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.rootfs.RootfsProvider;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.NamedLocks;
import io.github.ndocker.store.ProfileRecord;
import io.github.ndocker.store.PromotionRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes images and deployments that failed, and of what belongs to them all that nothing else
 * needs: of two deployments that fail, the last one cleans up. Thread-safe.
 */
final class ImageRemoval {
  /** Files, between two breaks. */
  private static final int DELETED_AT_ONCE = 64;

  private static final Logger LOG = LoggerFactory.getLogger(ImageRemoval.class);

  private final Catalogue catalogue;
  private final Records records;
  private final HotPacks packs;
  private final StartLedger starts;
  private final Retention retention;
  private final LayerIndexFiles indexes;
  private final MetadataImages metadata;
  private final RootfsProvider rootfs;
  private final NamedLocks<ChainId> chains;
  private final Map<ChainId, Integer> underway = new HashMap<>();

  ImageRemoval(
      Catalogue catalogue,
      Records records,
      HotPacks packs,
      StartLedger starts,
      Retention retention,
      LayerIndexFiles indexes,
      MetadataImages metadata,
      RootfsProvider rootfs,
      NamedLocks<ChainId> chains) {
    this.catalogue = catalogue;
    this.records = records;
    this.packs = packs;
    this.starts = starts;
    this.retention = retention;
    this.indexes = indexes;
    this.metadata = metadata;
    this.rootfs = rootfs;
    this.chains = chains;
  }

  /** Removes a reference. Waits for a promotion of the same image. */
  void remove(ImageRecord image) throws IOException {
    try (NamedLocks<ChainId>.Held held = chains.lock(image.chainId())) {
      forget(image.chainId(), image.layers(), records.remove(image));
    }
  }

  /** Removes what only an image needed whose reference names another one by now. */
  void replaced(ImageRecord image) throws IOException {
    try (NamedLocks<ChainId>.Held held = chains.lock(image.chainId())) {
      forget(image.chainId(), image.layers(), Set.of());
    }
  }

  /** Forgets what a crash in the middle of a removal left of images that are gone. */
  void removeRemains(Runnable pause) throws IOException {
    Map<ChainId, List<Path>> versions = metadata.versions();
    Set<ChainId> known = new HashSet<>(versions.keySet());
    catalogue.promotions().list().forEach(promotion -> known.add(promotion.image()));
    catalogue.profiles().list().forEach(profile -> known.add(profile.image()));
    catalogue.starts().list().forEach(starts -> known.add(starts.image()));
    // the many that are deployed are asked about once; the others again, under their locks
    known.removeAll(catalogue.images().chains());
    for (ChainId chain : known) {
      try (NamedLocks<ChainId>.Held held = chains.lock(chain)) {
        if (!isDeployed(chain)) {
          drop(forgetRows(chain));
          metadata.delete(versions.getOrDefault(chain, List.of()));
        }
      }
      pause.run();
    }
    Set<String> unpacked = new HashSet<>(rootfs.unpackedTrees());
    catalogue.images().chains().forEach(chain -> unpacked.remove(MetadataImages.treeOf(chain)));
    for (String tree : unpacked) {
      deleteUnpacked(tree);
      pause.run();
    }
    int deleted = 0;
    for (DiffId layer : indexes.layers()) {
      if (!retention.isNeeded(layer.digest())) {
        indexes.delete(layer);
        if (++deleted % DELETED_AT_ONCE == 0) {
          pause.run();
        }
      }
    }
  }

  /** Keeps what a deployment is about to need, before anything asks whether it is there. */
  Underway begin(ImageRecord image) throws IOException {
    synchronized (underway) {
      underway.merge(image.chainId(), 1, Integer::sum);
    }
    return new Underway(image, retention.claim(Records.blobs(image)));
  }

  private void forget(ChainId chain, List<Layer> layers, Set<Digest> released) throws IOException {
    Set<Digest> unneeded = new HashSet<>(released);
    if (!isDeployed(chain)) {
      unneeded.addAll(forgetRows(chain));
      metadata.remove(chain);
      deleteUnpacked(MetadataImages.treeOf(chain));
    }
    drop(unneeded);
    for (Layer layer : layers) {
      if (!retention.isNeeded(layer.diffId().digest())) {
        indexes.delete(layer.diffId());
      }
    }
  }

  /** What a container still runs in is found again by the next collection. */
  private void deleteUnpacked(String tree) throws IOException {
    if (!rootfs.deleteUnpacked(tree)) {
      LOG.info("the unpacked tree {} stays while it is mounted", tree);
    }
  }

  /** Or is being deployed. */
  private boolean isDeployed(ChainId chain) throws IOException {
    synchronized (underway) {
      if (underway.containsKey(chain)) {
        return true;
      }
    }
    return catalogue.images().hasChain(chain);
  }

  private void drop(Set<Digest> unneeded) throws IOException {
    if (!unneeded.isEmpty()) {
      retention.drop(unneeded);
    }
  }

  private Set<Digest> forgetRows(ChainId chain) throws IOException {
    Set<Digest> unneeded = new HashSet<>();
    Optional<PromotionRecord> promotion = catalogue.promotions().find(chain);
    if (promotion.isPresent()) {
      packs.remove(promotion.get());
    }
    for (ProfileRecord profile : catalogue.profiles().of(chain)) {
      unneeded.addAll(records.remove(profile));
    }
    starts.forget(chain);
    return unneeded;
  }

  /** A deployment. Closing it without {@link #keep} removes what it stored. */
  final class Underway implements Closeable {
    private final ImageRecord image;
    private final Retention.Claim claim;
    private boolean kept;

    private Underway(ImageRecord image, Retention.Claim claim) {
      this.image = image;
      this.claim = claim;
    }

    /** The catalogue names the image now. */
    void keep() {
      kept = true;
    }

    @Override
    public void close() throws IOException {
      synchronized (underway) {
        underway.computeIfPresent(image.chainId(), (key, count) -> count == 1 ? null : count - 1);
      }
      Set<Digest> released = claim.release();
      if (!kept) {
        forget(image.chainId(), image.layers(), released);
      } else {
        // somebody may have removed the image in the meantime
        drop(released);
      }
    }
  }
}
