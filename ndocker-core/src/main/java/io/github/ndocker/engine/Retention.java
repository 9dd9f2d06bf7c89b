package io.github.ndocker.engine;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.store.TwoTierStore;
import java.io.Closeable;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Lets go of blobs that nobody needs, and of nothing that a deployment or a mount is about to need.
 * What is let go of becomes invisible in one step that does no I/O; its bytes are deleted after
 * that, while everything else goes on. Thread-safe.
 */
final class Retention {
  /** The exclusive step does no I/O, so it is over soon. */
  private static final long RETRY_NANOS = 50_000;

  private final TwoTierStore store;
  private final BlobReferences references;

  /** Unneeded when something else was changing them: the next time they are tried again. */
  private final Set<Digest> postponed = ConcurrentHashMap.newKeySet();

  /**
   * Shared by what needs blobs to stay that it has not claimed; exclusive, for a moment, for making
   * blobs invisible.
   */
  private final ReentrantReadWriteLock removal = new ReentrantReadWriteLock();

  Retention(TwoTierStore store, BlobReferences references) {
    this.store = store;
    this.references = references;
  }

  /** What is done while no blob becomes invisible. */
  @FunctionalInterface
  interface Operation<T> {
    T run() throws IOException;
  }

  <T> T shared(Operation<T> operation) throws IOException {
    // tryLock overtakes a removal that itself waits, for a mount for example: no start waits in its
    // queue
    while (!removal.readLock().tryLock()) {
      LockSupport.parkNanos(RETRY_NANOS);
    }
    try {
      return operation.run();
    } finally {
      removal.readLock().unlock();
    }
  }

  /** Keeps blobs, before anything asks whether they are there. */
  Claim claim(Set<Digest> blobs) throws IOException {
    Set<Digest> claimed = Set.copyOf(blobs);
    return shared(
        () -> {
          references.add(claimed);
          return new Claim(claimed);
        });
  }

  Set<Digest> unneeded(Set<Digest> blobs) {
    return references.unneeded(blobs);
  }

  boolean isNeeded(Digest blob) {
    return references.isNeeded(blob);
  }

  /**
   * Deletes every blob that nobody needs, with breaks; returns the number of bytes that became
   * free.
   */
  long dropAll(Runnable pause) throws IOException {
    Set<Digest> all = new HashSet<>(store.blobs(Tier.SLOW));
    all.addAll(store.incompleteBlobs());
    all.addAll(store.blobs(Tier.FAST));
    return drop(all, pause);
  }

  /** Deletes those of the blobs that nobody needs; returns the number of bytes that became free. */
  long drop(Set<Digest> blobs) throws IOException {
    return drop(blobs, () -> {});
  }

  private long drop(Set<Digest> blobs, Runnable pause) throws IOException {
    // an interrupt would close the channels that deletions are forced through, and leave the rest
    boolean interrupted = Thread.interrupted();
    try {
      removal.writeLock().lock();
      try {
        Set<Digest> candidates = new HashSet<>(blobs);
        candidates.addAll(postponed);
        Set<Digest> unneeded = references.unneeded(candidates);
        postponed.clear();
        postponed.addAll(store.condemn(unneeded));
      } finally {
        removal.writeLock().unlock();
      }
      return store.sweep(pause);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Blobs that somebody is about to need. */
  final class Claim implements Closeable {
    private final Set<Digest> blobs;
    private boolean released;

    private Claim(Set<Digest> blobs) {
      this.blobs = blobs;
    }

    /** Ends the claim, and says what nobody needs any more: whoever stored it. */
    Set<Digest> release() {
      if (released) {
        return Set.of();
      }
      released = true;
      return references.release(blobs);
    }

    /** Ends the claim and deletes what nobody needs any more. */
    @Override
    public void close() throws IOException {
      Set<Digest> unneeded = release();
      if (!unneeded.isEmpty()) {
        drop(unneeded);
      }
    }
  }
}
