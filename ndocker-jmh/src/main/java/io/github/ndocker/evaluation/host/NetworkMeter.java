package io.github.ndocker.evaluation.host;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Watches what arrives over a network interface, to know when the last byte of a deployment came,
 * whoever asked for it. Starts with its construction.
 */
public final class NetworkMeter implements Closeable {
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

  /** Less than this in a period acknowledges or ends a connection. */
  private static final long LEAST_BYTES = 1000;

  private final Path counter;
  private final long start = System.nanoTime();
  private final Thread watcher = new Thread(this::watch, "network-meter");
  private volatile boolean ended;
  private volatile long lastNanos = start;
  private volatile long received;
  private volatile @Nullable IOException failure;

  /** Watches an interface of this network namespace. */
  public NetworkMeter(String networkInterface) throws IOException {
    counter = Path.of("/sys/class/net", networkInterface, "statistics", "rx_bytes");
    received = read();
    watcher.setDaemon(true);
    watcher.start();
  }

  /** From the construction until data arrived for the last time. */
  public Duration lastByte() {
    return Duration.ofNanos(lastNanos - start);
  }

  @Override
  public void close() throws IOException {
    ended = true;
    try {
      watcher.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the network was watched", e);
    }
    IOException met = failure;
    if (met != null) {
      throw met;
    }
  }

  private void watch() {
    try {
      while (!ended) {
        long now = read();
        if (now - received >= LEAST_BYTES) {
          lastNanos = System.nanoTime();
        }
        received = now;
        LockSupport.parkNanos(PERIOD_NANOS);
      }
    } catch (IOException e) {
      failure = e;
    }
  }

  private long read() throws IOException {
    return Long.parseLong(Files.readString(counter).strip());
  }
}
