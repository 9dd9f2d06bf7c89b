package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.ProfileRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets go of what no image needs, and of nothing that a deployment or a mount is about to need.
 * Thread-safe.
 */
final class Retention {
  private final TwoTierStore store;
  private final Catalogue catalogue;
  private final LayerIndexFiles indexes;
  private final MetadataImages metadata;

  /** How many deployments that go on need a blob; changed only while no blob is removed. */
  private final Map<Digest, Integer> claimed = new HashMap<>();

  /**
   * Shared by what needs the blobs of an image to stay; exclusive for what removes blobs.
   * Exclusively held for moments only; a promotion shares it for as long as it moves layers.
   */
  private final ReentrantReadWriteLock removal = new ReentrantReadWriteLock();

  Retention(
      TwoTierStore store, Catalogue catalogue, LayerIndexFiles indexes, MetadataImages metadata) {
    this.store = store;
    this.catalogue = catalogue;
    this.indexes = indexes;
    this.metadata = metadata;
  }

  /** What is done while no blob is removed, or while nobody else does anything. */
  @FunctionalInterface
  interface Operation<T> {
    T run() throws IOException;
  }

  <T> T shared(Operation<T> operation) throws IOException {
    // tryLock overtakes a removal that itself waits, for a promotion for example: no start waits in
    // its queue
    if (!removal.readLock().tryLock()) {
      removal.readLock().lock();
    }
    try {
      return operation.run();
    } finally {
      removal.readLock().unlock();
    }
  }

  /**
   * Keeps the layers of an image that is being deployed, before anything asks whether they are
   * there.
   */
  Claim claim(ChainId image, List<Layer> layers) throws IOException {
    Claim claim = new Claim(image, layers);
    return shared(
        () -> {
          synchronized (claimed) {
            claim.blobs.forEach(blob -> claimed.merge(blob, 1, Integer::sum));
          }
          return claim;
        });
  }

  /** Removes a reference, and what only its image needed. */
  void remove(ImageRecord image) throws IOException {
    exclusive(
        () -> {
          catalogue.images().remove(image.reference());
          return dropUnneeded(image.chainId(), image.layers(), metadata.blobs(image));
        });
  }

  /** Removes what only an image needed whose reference names another one by now. */
  void replaced(ImageRecord image) throws IOException {
    exclusive(() -> dropUnneeded(image.chainId(), image.layers(), metadata.blobs(image)));
  }

  private <T> void exclusive(Operation<T> operation) throws IOException {
    // an interrupt would close the channels that deletions are forced through, and leave the rest
    boolean interrupted = Thread.interrupted();
    removal.writeLock().lock();
    try {
      operation.run();
    } finally {
      removal.writeLock().unlock();
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Set<Digest> dropUnneeded(ChainId image, List<Layer> layers, Set<Digest> blobs)
      throws IOException {
    Set<Digest> needed = new HashSet<>();
    boolean chainNeeded = false;
    for (ImageRecord other : catalogue.images().list()) {
      needed.addAll(metadata.blobs(other));
      chainNeeded |= other.chainId().equals(image);
    }
    synchronized (claimed) {
      needed.addAll(claimed.keySet());
    }
    if (!chainNeeded) {
      forget(image);
    }
    Set<Digest> unneeded = new HashSet<>(blobs);
    unneeded.removeAll(needed);
    for (Digest blob : unneeded) {
      store.delete(blob);
    }
    for (Layer layer : layers) {
      if (unneeded.contains(layer.diffId().digest())) {
        indexes.delete(layer.diffId());
      }
    }
    store.sweep();
    return unneeded;
  }

  private void forget(ChainId image) throws IOException {
    catalogue.promotions().remove(image);
    for (ProfileRecord profile : catalogue.profiles().list()) {
      if (profile.image().equals(image)) {
        catalogue.profiles().remove(image, profile.workload());
      }
    }
    metadata.remove(image);
  }

  /**
   * The layers of one deployment. Closing it without {@link #keep} removes those of them that
   * nothing needs, whoever stored them: of two deployments that fail, the last one cleans up.
   */
  final class Claim implements Closeable {
    private final ChainId image;
    private final List<Layer> layers;
    private final Set<Digest> blobs = new HashSet<>();
    private boolean kept;

    private Claim(ChainId image, List<Layer> layers) {
      this.image = image;
      this.layers = layers;
      layers.forEach(layer -> blobs.add(layer.diffId().digest()));
    }

    /** The catalogue names the image now. */
    void keep() {
      kept = true;
    }

    @Override
    public void close() throws IOException {
      if (kept) {
        release();
        return;
      }
      exclusive(
          () -> {
            release();
            return dropUnneeded(image, layers, blobs);
          });
    }

    private void release() {
      synchronized (claimed) {
        blobs.forEach(
            blob -> claimed.computeIfPresent(blob, (key, count) -> count == 1 ? null : count - 1));
      }
    }
  }
}
