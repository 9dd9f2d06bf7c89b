package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.source.ImageSource;
import io.github.ndocker.source.KnownImage;
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
  private final LayerPipeline pipeline;
  private final WriteBehindTier slowTier;
  private final MetadataImages metadata;
  private final Records records;
  private final ImageRemoval removal;

  Deployer(
      TieredBlobStore store,
      Catalogue catalogue,
      LayerPipeline pipeline,
      WriteBehindTier slowTier,
      MetadataImages metadata,
      Records records,
      ImageRemoval removal) {
    this.store = store;
    this.catalogue = catalogue;
    this.pipeline = pipeline;
    this.slowTier = slowTier;
    this.metadata = metadata;
    this.records = records;
    this.removal = removal;
  }

  Deployment deploy(
      ImageReference reference,
      ImageSource source,
      Platform platform,
      DeploymentListener listener,
      Cancellation cancellation)
      throws IOException {
    long start = System.nanoTime();
    ResolvedImage image =
        cancellation.guard(
            reference,
            () -> source.resolve(reference, platform, this::known, cancellation::isCancelled));
    ImageRecord deployed = record(image);
    try (ImageRemoval.Underway underway = removal.begin(deployed)) {
      DeploymentTracker tracker =
          new DeploymentTracker(
              image.layers(), listener, slowTier::backlogBytes, slowTier::bytesPerSecond);
      cancellation.guard(
          reference,
          () -> {
            prepare(deployed, image, source, tracker, cancellation);
            return deployed;
          });
      Optional<ImageRecord> before = catalogue.images().find(reference.toString());
      // the last moment: from here on the image is deployed
      cancellation.check(reference);
      records.put(deployed);
      underway.keep();
      long end = System.nanoTime();
      if (before.isPresent() && !before.get().chainId().equals(image.chainId())) {
        removal.replaced(before.get());
      }
      Duration download =
          tracker.lastByteNanos().map(last -> Duration.ofNanos(last - start)).orElse(Duration.ZERO);
      return report(reference, image.layers(), download, Duration.ofNanos(end - start));
    }
  }

  /** Images that are deployed, under whatever name, need no further request for what they are. */
  private Optional<KnownImage> known(Digest manifest) throws IOException {
    return catalogue
        .images()
        .withManifest(manifest)
        .map(image -> new KnownImage(image.manifest(), image.config()));
  }

  private static ImageRecord record(ResolvedImage image) {
    return new ImageRecord(
        image.reference().toString(),
        image.manifestDigest(),
        image.chainId(),
        image.layers(),
        image.rawManifest(),
        image.rawConfig(),
        Instant.now());
  }

  private void prepare(
      ImageRecord deployed,
      ResolvedImage image,
      ImageSource source,
      DeploymentTracker tracker,
      Cancellation cancellation)
      throws IOException {
    ImageReference reference = image.reference();
    try (Cancellation.Registration waiting =
            cancellation.whenCancelled(
                () -> tracker.withdraw(new DeploymentCancelledException(reference)));
        // small, but durable: it is written while layers are on their way
        DocumentWriting document = DocumentWriting.start(records, deployed)) {
      fetchAndStore(source, reference, image.layers(), tracker);
      document.await();
    }
    cancellation.check(reference);
    metadata.prepare(deployed);
  }

  private void fetchAndStore(
      ImageSource source, ImageReference reference, List<Layer> all, DeploymentTracker tracker)
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
      pipeline.run(source, reference, missing, tracker);
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
