package io.github.ndocker.engine;

import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.layer.LayerLimits;
import io.github.ndocker.layer.LayerStream;
import io.github.ndocker.layer.MalformedLayerException;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.source.ImageSource;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@link Pipeline#STREAMING}. Three layers download at once, as with Docker. For each of them one
 * thread receives, checks the digest and inflates, and another one indexes, checks the diff ID,
 * places and stores, so that one large layer keeps two cores busy.
 */
final class StreamingPipeline implements LayerPipeline {
  private static final Logger LOG = LoggerFactory.getLogger(StreamingPipeline.class);
  private static final int DOWNLOADS = 3;

  /** More than downloads: those that have come are made durable while the next ones come. */
  private static final int STORING = 2 * DOWNLOADS;

  private final TieredBlobStore store;
  private final LayerPlacementPolicy policy;
  private final LayerIndexFiles indexes;
  private final LayerLimits limits;
  private final LongSupplier fastRoom;
  private final LayersUnderway underway = new LayersUnderway();

  StreamingPipeline(
      TieredBlobStore store,
      LayerPlacementPolicy policy,
      LayerIndexFiles indexes,
      LayerLimits limits,
      LongSupplier fastRoom) {
    this.store = store;
    this.policy = policy;
    this.indexes = indexes;
    this.limits = limits;
    this.fastRoom = fastRoom;
  }

  @Override
  public void run(
      ImageSource source, ImageReference reference, List<Layer> missing, DeploymentTracker tracker)
      throws IOException {
    // the last one is closed first: what downloads may still hand something to those that store
    try (WorkerThreads storing = new WorkerThreads(STORING, "storing " + reference, tracker);
        WorkerThreads downloads = new WorkerThreads(DOWNLOADS, "pulling " + reference, tracker)) {
      Run run = new Run(source, reference, tracker, downloads, storing);
      for (Layer layer : missing) {
        downloads.execute(() -> run.fetch(layer, policy));
      }
      for (Layer layer : missing) {
        tracker.awaitStored(layer.position());
      }
    }
  }

  /** One deployment. */
  private final class Run {
    private final ImageSource source;
    private final ImageReference reference;
    private final DeploymentTracker tracker;
    private final WorkerThreads downloads;
    private final WorkerThreads storing;

    Run(
        ImageSource source,
        ImageReference reference,
        DeploymentTracker tracker,
        WorkerThreads downloads,
        WorkerThreads storing) {
      this.source = source;
      this.reference = reference;
      this.tracker = tracker;
      this.downloads = downloads;
      this.storing = storing;
    }

    /** On a downloading thread. */
    void fetch(Layer layer, LayerPlacementPolicy placement) {
      if (tracker.isCancelled()) {
        return;
      }
      try {
        LayersUnderway.Turn turn = underway.enter(layer.diffId().digest(), tracker::isCancelled);
        boolean passedOn = false;
        try {
          if (store.locate(layer.diffId().digest()).isPresent()) {
            tracker.alreadyStored(layer.position());
            return;
          }
          tracker.advance(layer.position(), LayerState.DOWNLOADING);
          PieceQueue pieces = new PieceQueue();
          storing.execute(() -> store(layer, placement, pieces, turn));
          passedOn = true;
          inflate(layer, placement, pieces);
        } finally {
          if (!passedOn) {
            turn.close();
          }
        }
      } catch (IOException | RuntimeException | Error e) {
        // whoever waits for the layer throws it, or would wait for ever
        tracker.fail(e);
      }
    }

    private void inflate(Layer layer, LayerPlacementPolicy placement, PieceQueue pieces)
        throws IOException {
      int position = layer.position();
      try (InputStream raw =
          source.open(
              reference, layer, bytes -> tracker.arrived(position, bytes), tracker::isCancelled)) {
        try {
          inflate(raw, pieces);
          drain(raw);
          tracker.advance(position, LayerState.DOWNLOADED);
          pieces.end();
          return;
        } catch (MalformedLayerException e) {
          drain(raw); // throws if it is not the layer that was asked for: that is the reason then
          throw e;
        } catch (PieceQueue.UnwantedException e) {
          if (e.reason() instanceof MalformedLayerException malformed) {
            drain(raw);
            throw malformed;
          }
          if (!(e.reason() instanceof TierFullException) || !mayGoSlow(placement)) {
            return; // the storing thread has said so
          }
        }
      } catch (IOException | RuntimeException | Error e) {
        pieces.fail(e);
        throw e;
      }
      fetchSlow(layer);
    }

    private void inflate(InputStream raw, PieceQueue pieces) throws IOException {
      try (InputStream tar = LayerStream.within(raw, limits)) {
        int count;
        do {
          tracker.throwIfCancelled();
          ByteBuffer piece = pieces.empty();
          count = tar.readNBytes(piece.array(), piece.arrayOffset(), piece.capacity());
          pieces.add(piece.position(count));
        } while (count == PieceQueue.PIECE_BYTES);
      }
    }

    /** Reads on to the end, which is reported only if all of it was right. */
    private void drain(InputStream raw) throws IOException {
      long unused = raw.transferTo(OutputStream.nullOutputStream());
    }

    /** Whether a layer that did not fit may be tried once more: the fast tier was full then. */
    private boolean mayGoSlow(LayerPlacementPolicy placement) {
      return !(placement instanceof AllSlow) && !tracker.isCancelled();
    }

    /** A deployment never fails because the fast tier is full. */
    private void fetchSlow(Layer layer) {
      try {
        LOG.info(
            "layer {} does not fit on the fast tier, and goes to the slow one", layer.position());
        tracker.startAgain(layer.position());
        downloads.execute(() -> fetch(layer, new AllSlow()));
      } catch (RuntimeException e) {
        tracker.fail(e);
      }
    }

    /** On a storing thread. */
    private void store(
        Layer layer, LayerPlacementPolicy placement, PieceQueue pieces, LayersUnderway.Turn turn) {
      try (turn) {
        try (StreamedLayer blob =
            new StreamedLayer(
                layer, placement, fastRoom, tracker, indexes, limits, store.writeSplit())) {
          for (Optional<ByteBuffer> piece = pieces.next();
              piece.isPresent();
              piece = pieces.next()) {
            blob.write(piece.get());
            pieces.recycle(piece.get());
            tracker.throwIfCancelled();
          }
          tracker.advance(layer.position(), LayerState.STORING);
          blob.commit();
        }
        tracker.advance(layer.position(), LayerState.STORED);
      } catch (TierFullException e) {
        boolean slowNext = mayGoSlow(placement);
        boolean inflating = pieces.refuse(e);
        if (!slowNext) {
          tracker.fail(e);
        } else if (!inflating) {
          fetchSlow(layer);
        }
      } catch (MalformedLayerException e) {
        if (!pieces.refuse(e)) {
          tracker.fail(e);
        }
      } catch (IOException | RuntimeException | Error e) {
        pieces.refuse(e instanceof IOException io ? io : new IOException(e));
        tracker.fail(e);
      }
    }
  }
}
