package io.github.ndocker.store;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One lock per name, kept only while somebody holds it or waits for it. Reentrant. Thread-safe.
 *
 * @param <K> the names
 */
public final class NamedLocks<K> {
  private final ConcurrentHashMap<K, Entry> entries = new ConcurrentHashMap<>();

  /** No lock yet. */
  public NamedLocks() {}

  /**
   * Waits for the lock of a name.
   *
   * @param name which
   * @return closing it unlocks it, on the same thread
   */
  public Held lock(K name) {
    Entry entry = enter(name);
    entry.lock.lock();
    return new Held(name, entry);
  }

  /**
   * Takes the lock of a name if nobody else has it.
   *
   * @param name which
   * @return closing it unlocks it, on the same thread; empty if somebody else has the lock
   */
  public Optional<Held> tryLock(K name) {
    Entry entry = enter(name);
    if (entry.lock.tryLock()) {
      return Optional.of(new Held(name, entry));
    }
    leave(name);
    return Optional.empty();
  }

  private Entry enter(K name) {
    return entries.compute(
        name,
        (key, present) -> {
          Entry shared = present == null ? new Entry() : present;
          shared.users++;
          return shared;
        });
  }

  private void leave(K name) {
    entries.computeIfPresent(name, (key, shared) -> --shared.users == 0 ? null : shared);
  }

  /** How many names are locked or waited for. */
  int size() {
    return entries.size();
  }

  private static final class Entry {
    final ReentrantLock lock = new ReentrantLock();
    // changed only inside compute, which is atomic per name
    int users;
  }

  /** A lock that is held. */
  public final class Held implements AutoCloseable {
    private final K name;
    private final Entry entry;

    private Held(K name, Entry entry) {
      this.name = name;
      this.entry = entry;
    }

    @Override
    public void close() {
      entry.lock.unlock();
      leave(name);
    }
  }
}
