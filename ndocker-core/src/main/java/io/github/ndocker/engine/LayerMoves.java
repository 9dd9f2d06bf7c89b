package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.store.BackgroundMoves;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the layers of an image to their tiers: hot ones to the fast tier, all others to the slow
 * one. Thread-safe.
 */
final class LayerMoves {
  private static final Logger LOG = LoggerFactory.getLogger(LayerMoves.class);
  private static final int PRIORITY = 0;

  private final TwoTierStore store;
  private final MetadataImages metadata;
  private final Optional<BackgroundMoves> background;

  /** In the background, or, if there is none, at once and as fast as the media are. */
  LayerMoves(TwoTierStore store, MetadataImages metadata, Optional<BackgroundMoves> background) {
    this.store = store;
    this.metadata = metadata;
    this.background = background;
  }

  /** Moves that are under way, and how much they move. */
  record Begun(long toFast, long toSlow, CompletableFuture<Void> done) {}

  /** Has the metadata of the image follow its layers, too. */
  Begun begin(ImageRecord image, HotSet hot) throws IOException {
    if (background.isPresent()) {
      // before a layer moves: what is written here must not come after what is written then
      metadata.prepare(image);
    }
    long toFast = 0;
    long toSlow = 0;
    List<CompletableFuture<Void>> begun = new ArrayList<>();
    Set<Digest> seen = new HashSet<>();
    for (Layer layer : image.layers()) {
      Digest blob = layer.diffId().digest();
      BlobLocation location = store.locate(blob).orElseThrow(() -> new BlobNotFoundException(blob));
      Tier target = hot.containsLayer(layer.position()) ? Tier.FAST : Tier.SLOW;
      if (location.isWhollyOn(target) || !seen.add(blob)) {
        continue;
      }
      try {
        if (background.isPresent()) {
          begun.add(background.get().request(blob, target, PRIORITY));
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
    if (background.isEmpty()) {
      metadata.prepare(image);
    }
    CompletableFuture<Void> all = CompletableFuture.allOf(begun.toArray(CompletableFuture[]::new));
    return new Begun(
        toFast,
        toSlow,
        begun.isEmpty() ? all : all.whenComplete((done, failure) -> prepare(image)));
  }

  /** A start would do it too, but then it would have to wait for it. */
  private void prepare(ImageRecord image) {
    try {
      metadata.prepare(image);
    } catch (IOException e) {
      LOG.info("{} gets its metadata at its next start: {}", image.reference(), e.getMessage());
    }
  }
}
