package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.linux.ReadAhead;
import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the slow medium read what a start will need, in one piece, while the start goes on: a disk
 * does that in a fraction of the time that the pages one by one take. Thread-safe.
 *
 * <p>One thread reads for all starts, so that a disk is asked in order; there is none when there is
 * nothing to read.
 */
final class StartReads implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(StartReads.class);
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor reading;
  private final Set<List<BlobExtent>> underway = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  StartReads() {
    this.reading =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, "ndocker-start-reads");
              thread.setDaemon(true);
              return thread;
            });
    reading.allowCoreThreadTimeOut(true);
  }

  /** Returns at once. What is being read for another start is not read twice. */
  void begin(List<BlobExtent> extents) {
    if (extents.isEmpty() || !underway.add(extents)) {
      return;
    }
    try {
      reading.execute(() -> read(extents));
    } catch (RejectedExecutionException e) {
      // closed: the start is only slower
      underway.remove(extents);
    }
  }

  private void read(List<BlobExtent> extents) {
    try {
      for (BlobExtent extent : extents) {
        read(extent);
      }
    } finally {
      underway.remove(extents);
    }
  }

  private void read(BlobExtent extent) {
    try {
      ReadAhead.read(extent.file(), extent.offset(), extent.length(), () -> !closed);
    } catch (IOException e) {
      // what is wrong with it the mount will say; without read-ahead it is only slower
      LOG.info("a hot pack was not read ahead: {}", e.getMessage());
    }
  }

  /** Waits for the 2 MiB that are being read, so that no file is open afterwards. */
  @Override
  public void close() {
    closed = true;
    reading.shutdownNow();
    Termination.await(reading);
  }
}
