package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.Tier;
import io.github.ndocker.linux.ReadAhead;
import java.io.Closeable;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has both media read what a start will need, in pieces as large as they take, while the start goes
 * on. Its pages one by one would take a disk many times as long, and of a fast device each of them
 * is a request for which the start waits. Thread-safe.
 *
 * <p>One thread for each tier reads for all starts, so that a disk is asked in order, and a fast
 * device does not wait for a disk; there is none when there is nothing to read.
 */
final class StartReads implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(StartReads.class);
  private static final long IDLE_SECONDS = 10;

  private final Map<Tier, ThreadPoolExecutor> reading = new EnumMap<>(Tier.class);
  private final Set<List<BlobExtent>> underway = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  StartReads() {
    for (Tier tier : Tier.values()) {
      reading.put(tier, oneThread("ndocker-start-reads-" + tier.name().toLowerCase(Locale.ROOT)));
    }
  }

  private static ThreadPoolExecutor oneThread(String name) {
    ThreadPoolExecutor executor =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            task -> {
              Thread thread = new Thread(task, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Returns at once. What is being read for another start is not read twice. */
  void begin(List<BlobExtent> extents) {
    for (Map.Entry<Tier, ThreadPoolExecutor> tier : reading.entrySet()) {
      begin(
          tier.getValue(),
          extents.stream().filter(extent -> extent.tier() == tier.getKey()).toList());
    }
  }

  private void begin(ThreadPoolExecutor executor, List<BlobExtent> extents) {
    if (extents.isEmpty() || !underway.add(extents)) {
      return;
    }
    try {
      executor.execute(() -> read(extents));
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
    reading.values().forEach(ThreadPoolExecutor::shutdownNow);
    reading.values().forEach(Termination::await);
  }
}
