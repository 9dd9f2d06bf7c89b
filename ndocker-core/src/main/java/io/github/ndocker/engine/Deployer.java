package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deploys images as the paper's Docker does: layers download in parallel, and each is stored when
 * its bytes have arrived and the layer below it is stored. Which tier it goes to, the policy says
 * at that moment.
 */
final class Deployer {
  private final TieredBlobStore store;
  private final Catalogue catalogue;
  private final RegistryClient registry;
  private final LayerPlacementPolicy policy;
  private final LayerStorage layers;
  private final MetadataImages metadata;
  private final Retention retention;
  private final Path spool;

  Deployer(
      TieredBlobStore store,
      Catalogue catalogue,
      RegistryClient registry,
      LayerPlacementPolicy policy,
      LayerIndexFiles indexes,
      MetadataImages metadata,
      Retention retention,
      Path spool)
      throws IOException {
    this.store = store;
    this.catalogue = catalogue;
    this.registry = registry;
    this.policy = policy;
    this.layers = new LayerStorage(store, indexes);
    this.metadata = metadata;
    this.retention = retention;
    this.spool = PrivateFiles.directory(spool);
    LayerSpool.sweep(this.spool);
  }

  Deployment deploy(ImageReference reference, Platform platform, DeploymentListener listener)
      throws IOException {
    long start = System.nanoTime();
    ResolvedImage image = registry.resolve(reference, platform);
    try (Retention.Claim claim = retention.claim(image.chainId(), image.layers())) {
      DeploymentTracker tracker = new DeploymentTracker(image.layers(), listener);
      fetchAndStore(reference, image.layers(), tracker);
      Optional<ImageRecord> before = catalogue.images().find(reference.toString());
      ImageRecord record =
          new ImageRecord(
              reference.toString(),
              image.manifestDigest(),
              image.chainId(),
              image.layers(),
              image.rawManifest(),
              image.rawConfig(),
              Instant.now());
      metadata.prepare(record);
      catalogue.images().put(record);
      claim.keep();
      long end = System.nanoTime();
      if (before.isPresent() && !before.get().chainId().equals(image.chainId())) {
        retention.replaced(before.get());
      }
      Duration download =
          tracker.lastByteNanos().map(last -> Duration.ofNanos(last - start)).orElse(Duration.ZERO);
      return report(reference, image.layers(), download, Duration.ofNanos(end - start));
    }
  }

  private void fetchAndStore(ImageReference reference, List<Layer> all, DeploymentTracker tracker)
      throws IOException {
    List<Layer> missing = new ArrayList<>();
    for (Layer layer : all) {
      if (layers.holds(layer)) {
        tracker.alreadyStored(layer.position());
      } else {
        missing.add(layer);
      }
    }
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
    layers.store(layer, downloads.file(layer), tier);
    downloads.discard(layer);
    tracker.advance(layer.position(), LayerState.STORED);
  }

  private Deployment report(
      ImageReference reference, List<Layer> layers, Duration download, Duration total)
      throws BlobNotFoundException {
    long fast = 0;
    long all = 0;
    boolean durable = true;
    for (var digest : layers.stream().map(layer -> layer.diffId().digest()).distinct().toList()) {
      BlobLocation location =
          store.locate(digest).orElseThrow(() -> new BlobNotFoundException(digest));
      all += location.length();
      fast += location.tier() == Tier.FAST ? location.length() : 0;
      durable &= store.describe(location.tier()).survivesPowerCut();
    }
    return new Deployment(reference, download, total, fast, all, durable);
  }
}
