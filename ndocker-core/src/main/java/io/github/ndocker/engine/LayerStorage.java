package io.github.ndocker.engine;

import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.LayerLimit;
import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.layer.LayerStream;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns a downloaded layer into a blob and its index, in one pass: inflate, index, hash, write. */
final class LayerStorage {
  private static final Logger LOG = LoggerFactory.getLogger(LayerStorage.class);
  private static final int BUFFER_BYTES = 1 << 20;

  private final TieredBlobStore store;
  private final LayerIndexFiles indexes;
  private final LayerLimits limits;

  LayerStorage(TieredBlobStore store, LayerIndexFiles indexes, LayerLimits limits) {
    this.store = store;
    this.indexes = indexes;
    this.limits = limits;
  }

  /**
   * Stores a layer on a tier, or on the slow one if the fast one has no room: a deployment never
   * fails because the fast tier is full.
   */
  void store(Layer layer, Path compressed, Tier tier, DeploymentTracker tracker)
      throws IOException {
    try {
      write(layer, compressed, tier, tracker);
    } catch (TierFullException e) {
      if (tier == Tier.SLOW) {
        throw e;
      }
      LOG.info("layer {} goes to the slow tier: {}", layer.position(), e.getMessage());
      tracker.storeAgain(layer.position());
      write(layer, compressed, Tier.SLOW, tracker);
    }
  }

  private void write(Layer layer, Path compressed, Tier tier, DeploymentTracker tracker)
      throws IOException {
    try (InputStream raw =
        new BufferedInputStream(Files.newInputStream(compressed), BUFFER_BYTES)) {
      long guess = GzipLength.guess(compressed, limits.of(LayerLimit.INFLATION_RATIO));
      write(
          layer,
          raw,
          guess,
          tier,
          bytes -> {
            tracker.inflated(layer.position(), bytes);
            tracker.placed(layer.position(), tier, bytes);
            tracker.throwIfCancelled();
          });
    }
  }

  /** Hears of the bytes of a layer's tar that were written, and may end it. */
  @FunctionalInterface
  interface Progress {
    Progress UNWATCHED = bytes -> {};

    void written(int bytes) throws IOException;
  }

  /** Stores a layer as it comes. */
  void write(Layer layer, InputStream compressed, long guessedBytes, Tier tier, Progress progress)
      throws IOException {
    try (InputStream tar = LayerStream.open(compressed, limits);
        BlobWriter blob = store.write(tier, guessedBytes)) {
      LayerIndexer indexer = new LayerIndexer(limits);
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
        indexer.update(buffer, 0, n);
        blob.write(ByteBuffer.wrap(buffer, 0, n));
        progress.written(n);
      }
      LayerIndex index = indexer.finish();
      blob.commit(layer.diffId().digest());
      // only now is it the index of the right bytes; if it gets lost before it is written, the blob
      // yields it again
      indexes.write(layer.diffId(), index);
    } catch (DigestMismatchException e) {
      throw new DigestMismatchException(
          "diff ID of layer " + layer.position(), e.expected(), e.found());
    }
  }
}
