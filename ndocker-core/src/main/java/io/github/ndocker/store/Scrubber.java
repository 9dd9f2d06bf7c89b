package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all blobs of a store again and again, in the background, and compares each with its digest.
 * What is damaged or cannot be read is reported to {@link StoreListener#damaged} and to the log,
 * and otherwise left alone: deleting the blob and deploying its image again mends it.
 *
 * <p>Reads go past the page cache where the file system has direct I/O (not all file systems in
 * memory do): they see what the medium has, and drop nothing that starts need. A blob that is moved
 * or deleted meanwhile is left at once; a later round reads it where it is then.
 *
 * <p>The place is kept in memory only. A new scrubber begins anywhere, so that a host that restarts
 * often does not always read the same blobs. Thread-safe.
 */
public final class Scrubber implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(Scrubber.class);

  /** A small store is not read all the time. */
  private static final Duration LEAST_ROUND = Duration.ofHours(1);

  private final TwoTierStore store;
  private final Pace pace;
  private final Parking parking;
  private final Random random = new Random();
  private final Thread thread;
  private volatile boolean closed;

  private Scrubber(TwoTierStore store, Pace pace, Parking parking) {
    this.store = store;
    this.pace = pace;
    this.parking = parking;
    this.thread = new Thread(this::run, "ndocker-scrubber");
  }

  /**
   * Begins to read.
   *
   * @param store whose blobs; closed after this
   * @param limit how fast they are read
   * @param urgent what reading stands aside for
   * @return to be closed by the caller
   */
  public static Scrubber start(TwoTierStore store, RateLimit limit, RightOfWay urgent) {
    return start(store, Pace.background(limit, urgent), Parking.REAL);
  }

  static Scrubber start(TwoTierStore store, Pace pace, Parking parking) {
    Scrubber scrubber = new Scrubber(store, pace, parking);
    scrubber.thread.setDaemon(true);
    scrubber.thread.start();
    return scrubber;
  }

  /** Ends after the piece that is being read, of a mebibyte at most. Closing twice is harmless. */
  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    BackgroundThread.awaitEnd(thread);
  }

  private void run() {
    try {
      while (!closed) {
        long begin = parking.nanoTime();
        for (Digest blob : blobs()) {
          check(blob);
        }
        awaitNextRound(begin + LEAST_ROUND.toNanos());
      }
    } catch (ClosedScrubberException e) {
      LOG.debug("the scrubber ends");
    }
  }

  /** All of them in their order, from any one on. */
  private List<Digest> blobs() {
    Set<Digest> ordered = new TreeSet<>(store.blobs(Tier.SLOW));
    ordered.addAll(store.blobs(Tier.FAST));
    List<Digest> blobs = new ArrayList<>(ordered);
    Collections.rotate(blobs, random.nextInt(Math.max(1, blobs.size())));
    return blobs;
  }

  private void check(Digest blob) throws ClosedScrubberException {
    try {
      BlobCheck.check(store, blob, pace, this::requireOpen).ifPresent(e -> report(blob, e));
    } catch (ClosedScrubberException e) {
      throw e;
    } catch (IOException e) {
      report(blob, e);
    } catch (RuntimeException e) {
      // a bug in a tier that is not ours does not end all checks
      report(blob, new IOException("it cannot be read: " + e, e));
    }
  }

  private void report(Digest blob, IOException reason) {
    LOG.warn("blob {} is damaged: {}", blob, reason.toString());
    store.events().damaged(blob, reason);
  }

  private void awaitNextRound(long when) throws ClosedScrubberException {
    for (long left = when - parking.nanoTime(); left > 0; left = when - parking.nanoTime()) {
      requireOpen();
      parking.park(left);
    }
  }

  private void requireOpen() throws ClosedScrubberException {
    if (closed) {
      throw new ClosedScrubberException();
    }
  }

  private static final class ClosedScrubberException extends IOException {
    private static final long serialVersionUID = 1L;
  }
}
