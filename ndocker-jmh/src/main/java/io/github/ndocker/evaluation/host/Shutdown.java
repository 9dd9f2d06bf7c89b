package io.github.ndocker.evaluation.host;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * What has to be closed also when the JVM is told to end (Ctrl-C, SIGTERM), the newest first: a
 * container before the device that it runs on. Thread-safe.
 */
public final class Shutdown {
  private static final Deque<Closed<?>> OPEN = new ArrayDeque<>();

  /** Held by each thread that opens something: the end waits for it. */
  private static final ReadWriteLock OPENING = new ReentrantReadWriteLock();

  private static boolean ended;

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Shutdown::closeAll, "shutdown"));
  }

  private Shutdown() {}

  /**
   * Opens something.
   *
   * @param <T> what is opened
   */
  @FunctionalInterface
  public interface Opening<T extends Closeable> {
    /** Opens it, or leaves nothing behind. */
    T open() throws IOException;
  }

  /**
   * Something that is closed in any case.
   *
   * @param <T> what it is; its {@code close} may be called from another thread
   */
  public static final class Closed<T extends Closeable> implements Closeable {
    private final T resource;
    private boolean closed;

    private Closed(T resource) {
      this.resource = resource;
    }

    /** What is closed. */
    public T get() {
      return resource;
    }

    @Override
    public synchronized void close() throws IOException {
      if (!closed) {
        closed = true;
        try {
          resource.close();
        } finally {
          synchronized (OPEN) {
            OPEN.remove(this);
          }
        }
      }
    }
  }

  /** Opens something that is closed by the caller, or else when the JVM ends. */
  public static <T extends Closeable> Closed<T> open(Opening<T> opening) throws IOException {
    Lock lock = OPENING.readLock();
    lock.lock();
    try {
      if (ended) {
        throw new IOException("this program is ending");
      }
      Closed<T> opened = new Closed<>(opening.open());
      synchronized (OPEN) {
        OPEN.push(opened);
      }
      return opened;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the JVM was told to end: what fails from then on says nothing. */
  public static boolean isEnding() {
    Lock lock = OPENING.readLock();
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  private static void closeAll() {
    OPENING.writeLock().lock();
    try {
      ended = true;
    } finally {
      OPENING.writeLock().unlock();
    }
    List<Closed<?>> newestFirst;
    synchronized (OPEN) {
      newestFirst = List.copyOf(OPEN);
    }
    for (Closed<?> open : newestFirst) {
      try {
        open.close();
      } catch (IOException e) {
        System.err.println("ndocker: while ending: " + e.getMessage());
      }
    }
  }
}
