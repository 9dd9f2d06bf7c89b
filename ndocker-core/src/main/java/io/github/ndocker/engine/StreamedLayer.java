package io.github.ndocker.engine;

import io.github.ndocker.api.DeploymentProgress;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.Tier;
import io.github.ndocker.layer.LayerIndexer;
import io.github.ndocker.layer.LayerLimits;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One layer that is indexed, hashed and stored as its pieces come. Each piece is placed by the
 * policy; where two pieces go to different tiers, the tar is cut at the next place at which the
 * kernel can serve files from both. For one thread.
 */
final class StreamedLayer implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(StreamedLayer.class);

  private final Layer layer;
  private final LayerPlacementPolicy policy;
  private final LongSupplier fastRoom;
  private final DeploymentTracker tracker;
  private final LayerIndexFiles indexes;
  private final SplitBlobWriter blob;
  private final LayerIndexer indexer;
  private @Nullable Tier tier;
  private long position;

  /**
   * Begins a layer.
   *
   * @param fastRoom how much more fits on the fast tier
   * @param limits what the layer may contain
   * @param blob closed with this
   */
  StreamedLayer(
      Layer layer,
      LayerPlacementPolicy policy,
      LongSupplier fastRoom,
      DeploymentTracker tracker,
      LayerIndexFiles indexes,
      LayerLimits limits,
      SplitBlobWriter blob) {
    this.layer = layer;
    this.policy = policy;
    this.fastRoom = fastRoom;
    this.tracker = tracker;
    this.indexes = indexes;
    this.indexer = new LayerIndexer(limits);
    this.blob = blob;
  }

  void write(ByteBuffer piece) throws IOException {
    tracker.inflated(layer.position(), piece.remaining());
    Tier wanted = place(piece.remaining());
    long seam = indexer.nextSeam();
    indexer.update(piece.duplicate());
    Tier before = tier;
    if (before != null && before != wanted) {
      int stays = (int) Math.min(piece.remaining(), seam - position);
      append(before, piece.slice(piece.position(), stays));
      piece.position(piece.position() + stays);
      if (!piece.hasRemaining()) {
        return; // one file all over: the next piece may be cut
      }
    }
    tier = wanted;
    append(wanted, piece);
  }

  /** Makes it durable and visible, and writes its index. */
  void commit() throws IOException {
    var index = indexer.finish();
    try {
      blob.commit(layer.diffId().digest());
    } catch (DigestMismatchException e) {
      throw new DigestMismatchException(
          "diff ID of layer " + layer.position(), e.expected(), e.found());
    }
    // only now is it the index of the right bytes; if it gets lost before it is written, the blob
    // yields it again
    indexes.write(layer.diffId(), index);
  }

  @Override
  public void close() throws IOException {
    blob.close();
  }

  private Tier place(int bytes) {
    DeploymentProgress progress = tracker.progress();
    Tier wanted = policy.place(layer.position(), progress);
    // what follows up to the next seam has to fit too
    if (wanted == Tier.FAST) {
      if (fastRoom.getAsLong() - LayerIndexer.SEAM_BYTES < bytes) {
        return Tier.SLOW;
      }
    }
    if (wanted != tier && LOG.isDebugEnabled()) {
      LOG.debug("from byte {} on: {}", position, policy.explain(layer.position(), progress));
    }
    return wanted;
  }

  private void append(Tier target, ByteBuffer bytes) throws IOException {
    int count = bytes.remaining();
    blob.write(target, bytes);
    position += count;
    tracker.placed(layer.position(), target, count);
  }
}
