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
import io.github.ndocker.api.StartCommand;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.LayerFiles;
import io.github.ndocker.hotfile.PromotionLayout;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.prediction.PredictedFiles;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.NamedLocks;
import io.github.ndocker.store.PromotionRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Brings what is hot of an image to the fast tier and brushes the rest back to the slow one.
 *
 * <p>Every step leaves a state that can be mounted, and a crash between two of them too: first the
 * pack is durable, then the catalogue names it, then the earlier pack goes and layers move, then
 * the metadata follows their new places.
 */
final class Promoter {
  private final TwoTierStore store;
  private final Catalogue catalogue;
  private final MetadataImages metadata;
  private final HotFileDetector detector;
  private final HotPacks packs;
  private final Retention retention;
  private final NamedLocks<ChainId> chains;
  private final long wholeFileBytes;
  private final boolean readAheadOfTraced;

  Promoter(
      TwoTierStore store,
      Catalogue catalogue,
      MetadataImages metadata,
      HotPacks packs,
      Retention retention,
      NamedLocks<ChainId> chains,
      NDockerBuilder options) {
    this.store = store;
    this.catalogue = catalogue;
    this.metadata = metadata;
    this.detector = options.detector;
    this.packs = packs;
    this.retention = retention;
    this.chains = chains;
    this.wholeFileBytes = options.wholeFileBytes;
    this.readAheadOfTraced = options.readAheadOfPromoted;
  }

  /**
   * How it is found out what of an image is hot.
   *
   * @param detector who finds it
   * @param profile what is known of its starts
   * @param workloads whose starts these were
   * @param minShareOfRuns if somebody has chosen the workloads and that: as in the promotion's
   *     layout
   * @param command what is to be started, if that is not what the image says
   * @param readAhead whether what is found is so incomplete that the kernel had better read ahead
   */
  record Reckoning(
      HotFileDetector detector,
      Optional<Profile> profile,
      List<String> workloads,
      OptionalDouble minShareOfRuns,
      Optional<StartCommand> command,
      boolean readAhead) {}

  /** From history alone, by the detector of the engine. */
  Reckoning byHistory() {
    return new Reckoning(
        detector, Optional.empty(), List.of(), OptionalDouble.empty(), Optional.empty(), false);
  }

  /** From the files of the image, before it was ever started. */
  static Reckoning byPrediction(StartCommand command) {
    return new Reckoning(
        new PredictedFiles(),
        Optional.empty(),
        List.of(),
        OptionalDouble.empty(),
        Optional.of(command),
        true);
  }

  /** From what was traced, by the detector of the engine. Rare reads are left out by now. */
  Reckoning byTraces(Profile profile, List<String> workloads, OptionalDouble minShareOfRuns) {
    return new Reckoning(
        detector,
        Optional.of(profile),
        workloads,
        minShareOfRuns,
        Optional.empty(),
        readAheadOfTraced);
  }

  /** One at a time for images of the same layers. */
  Promotion promote(ImageRecord image, Reckoning reckoning, LayerMoves moves) throws IOException {
    try (NamedLocks<ChainId>.Held held = chains.lock(image.chainId());
        Retention.Claim layers = retention.claim(Records.blobs(image))) {
      requireDeployed(image);
      return promoteClaimed(image, reckoning, moves);
    }
  }

  /** A removal may have been faster. */
  private void requireDeployed(ImageRecord image) throws IOException {
    if (!catalogue.images().hasChain(image.chainId())) {
      throw new NotDeployedException(ImageReference.parse(image.reference()));
    }
  }

  private Promotion promoteClaimed(ImageRecord image, Reckoning reckoning, LayerMoves moves)
      throws IOException {
    HotSet hot = reckoning.detector().detect(evidence(image, reckoning));
    HotPackLayout layout = layout(image, hot);
    long madeRoom = 0;
    if (layout.ranges().isEmpty()) {
      removePacks(image.chainId());
    } else {
      PromotionLayout labels =
          new PromotionLayout(
              reckoning.workloads(), reckoning.minShareOfRuns(), reckoning.readAhead(), List.of());
      try {
        packs.pack(image.chainId(), layout, labels);
      } catch (TierFullException e) {
        // what leaves the fast tier anyway leaves it first
        madeRoom = makeRoom(image, hot);
        store.sweep();
        packs.packOrExtend(image.chainId(), layout, labels);
      }
    }
    LayerMoves.Begun moved = moves.begin(image, hot);
    store.sweep();
    return new Promotion(layout.bytes(), moved.toFast(), madeRoom + moved.toSlow(), moved.done());
  }

  private HotPackLayout layout(ImageRecord image, HotSet hot) throws IOException {
    List<DiffId> layers = image.layers().stream().map(Layer::diffId).toList();
    return HotPackLayout.of(hot.files(), metadata.tree(layers), layers, wholeFileBytes);
  }

  /** What {@link #promote} would pack, without changing anything. */
  HotPackLayout layout(ImageRecord image, Reckoning reckoning) throws IOException {
    try (Retention.Claim layers = retention.claim(Records.blobs(image))) {
      return layout(image, reckoning.detector().detect(evidence(image, reckoning)));
    }
  }

  /** Has the metadata of an image follow its packs, so that its next start need not do it. */
  void prepare(ImageRecord image) throws IOException {
    try (NamedLocks<ChainId>.Held held = chains.lock(image.chainId());
        Retention.Claim layers = retention.claim(Records.blobs(image))) {
      requireDeployed(image);
      metadata.prepare(image);
    }
  }

  /**
   * As {@link #demote}, and what lies on the fast tier of its layers leaves it, too. If that cannot
   * be done, its packs are gone all the same.
   */
  void evict(ImageRecord image, LayerMoves moves) throws IOException {
    try (NamedLocks<ChainId>.Held held = chains.lock(image.chainId());
        Retention.Claim layers = retention.claim(Records.blobs(image))) {
      requireDeployed(image);
      removePacks(image.chainId());
      moves.begin(image, new HotSet(List.of(), List.of()));
      store.sweep();
    }
  }

  /** Takes the hot ranges of an image off the tier of packs. Its layers stay where they are. */
  boolean demote(ImageRecord image) throws IOException {
    try (NamedLocks<ChainId>.Held held = chains.lock(image.chainId());
        Retention.Claim layers = retention.claim(Records.blobs(image))) {
      requireDeployed(image);
      boolean removed = removePacks(image.chainId());
      metadata.prepare(image);
      store.sweep();
      return removed;
    }
  }

  private boolean removePacks(ChainId image) throws IOException {
    Optional<PromotionRecord> before = catalogue.promotions().find(image);
    if (before.isPresent()) {
      packs.remove(before.get());
    }
    return before.isPresent();
  }

  /** What the detector finds, without changing anything. */
  HotSet detect(ImageRecord image, Optional<Profile> profile) throws IOException {
    return detector.detect(evidence(image, profile));
  }

  private long makeRoom(ImageRecord image, HotSet hot) throws IOException {
    long freed = 0;
    for (Layer layer : image.layers()) {
      Digest blob = layer.diffId().digest();
      BlobLocation location = store.locate(blob).orElseThrow(() -> new BlobNotFoundException(blob));
      if (!hot.containsLayer(layer.position()) && !location.isWhollyOn(Tier.SLOW)) {
        store.evict(blob);
        freed += location.bytesOn(Tier.FAST);
      }
    }
    return freed;
  }

  private ImageEvidence evidence(ImageRecord image, Reckoning reckoning) throws IOException {
    ImageEvidence evidence = evidence(image, reckoning.profile());
    return reckoning.command().map(evidence::with).orElse(evidence);
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
