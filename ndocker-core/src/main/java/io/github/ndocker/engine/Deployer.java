package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.WriteBehindTier;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Deploys images: fetches what is missing, writes the metadata, and names them in the catalogue.
 */
final class Deployer {
  private final TieredBlobStore store;
  private final Catalogue catalogue;
  private final RegistryClient registry;
  private final LayerPipeline pipeline;
  private final WriteBehindTier slowTier;
  private final MetadataImages metadata;
  private final Retention retention;

  Deployer(
      TieredBlobStore store,
      Catalogue catalogue,
      RegistryClient registry,
      LayerPipeline pipeline,
      WriteBehindTier slowTier,
      MetadataImages metadata,
      Retention retention) {
    this.store = store;
    this.catalogue = catalogue;
    this.registry = registry;
    this.pipeline = pipeline;
    this.slowTier = slowTier;
    this.metadata = metadata;
    this.retention = retention;
  }

  Deployment deploy(ImageReference reference, Platform platform, DeploymentListener listener)
      throws IOException {
    long start = System.nanoTime();
    ResolvedImage image = registry.resolve(reference, platform);
    try (Retention.Claim claim = retention.claim(image.chainId(), image.layers())) {
      DeploymentTracker tracker =
          new DeploymentTracker(
              image.layers(), listener, slowTier::backlogBytes, slowTier::bytesPerSecond);
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
      if (store.locate(layer.diffId().digest()).isPresent()) {
        tracker.alreadyStored(layer.position());
      } else {
        missing.add(layer);
      }
    }
    if (!missing.isEmpty()) {
      pipeline.run(reference, missing, tracker);
    }
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
      fast += location.bytesOn(Tier.FAST);
      for (BlobExtent extent : location.extents()) {
        durable &= store.describe(extent.tier()).survivesPowerCut();
      }
    }
    return new Deployment(reference, download, total, fast, all, durable);
  }
}
