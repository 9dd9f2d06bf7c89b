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
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the layers of an image to their tiers: hot ones to the fast tier, all others to the slow
 * one. Thread-safe.
 */
abstract class LayerMoves {
  private static final Logger LOG = LoggerFactory.getLogger(LayerMoves.class);
  private static final int PRIORITY = 0;

  final TwoTierStore store;

  private LayerMoves(TwoTierStore store) {
    this.store = store;
  }

  /** Moves that are under way, and how much they move. */
  record Begun(long toFast, long toSlow, CompletableFuture<Void> done) {}

  /** Moves one layer, or asks for it. */
  abstract CompletableFuture<Void> move(Digest blob, Tier target) throws IOException;

  /** What is to be done when layers of an image have moved. */
  abstract CompletableFuture<Void> after(List<CompletableFuture<Void>> moves, ImageRecord image);

  /** Moves at once, as fast as the media are. */
  static LayerMoves now(TwoTierStore store) {
    return new LayerMoves(store) {
      @Override
      CompletableFuture<Void> move(Digest blob, Tier target) throws IOException {
        store.move(blob, target);
        return CompletableFuture.completedFuture(null);
      }

      @Override
      CompletableFuture<Void> after(List<CompletableFuture<Void>> moves, ImageRecord image) {
        return CompletableFuture.completedFuture(null);
      }
    };
  }

  /** Moves in the background, and makes the image ready for its new places then. */
  static LayerMoves later(TwoTierStore store, BackgroundMoves moves, MetadataImages metadata) {
    return new LayerMoves(store) {
      @Override
      CompletableFuture<Void> move(Digest blob, Tier target) throws IOException {
        return moves.request(blob, target, PRIORITY);
      }

      @Override
      CompletableFuture<Void> after(List<CompletableFuture<Void>> moves, ImageRecord image) {
        CompletableFuture<Void> all =
            CompletableFuture.allOf(moves.toArray(CompletableFuture[]::new));
        return moves.isEmpty()
            ? all
            : all.whenComplete((done, failure) -> prepare(metadata, image));
      }
    };
  }

  Begun begin(ImageRecord image, HotSet hot) throws IOException {
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
        begun.add(move(blob, target));
        toFast += target == Tier.FAST ? location.bytesOn(Tier.SLOW) : 0;
        toSlow += target == Tier.SLOW ? location.bytesOn(Tier.FAST) : 0;
      } catch (TierFullException e) {
        if (target == Tier.SLOW) {
          throw e;
        }
        LOG.info("hot layer {} stays on the slow tier: {}", layer.position(), e.getMessage());
      }
    }
    return new Begun(toFast, toSlow, after(begun, image));
  }

  /** A start would do it too, but then it would have to wait for it. */
  private static void prepare(MetadataImages metadata, ImageRecord image) {
    try {
      metadata.prepare(image);
    } catch (IOException e) {
      LOG.info("{} gets its metadata at its next start: {}", image.reference(), e.getMessage());
    }
  }
}
