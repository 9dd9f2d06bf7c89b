package io.github.ndocker.store;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The store over two tiers. Where each blob is, is what the tiers list when they are opened; there
 * is no second record that could be out of step.
 *
 * <p>Every change of a blob's copies happens under the lock of its digest, and a copy is let go of
 * in this order: it stops being the one that counts, then readers, holds and leases are asked, then
 * its bytes go. Whoever wants to keep it registers first and then checks that it still counts; so
 * one of the two always sees the other.
 */
public final class TwoTierStore implements TieredBlobStore {
  private final BlobTier fast;
  private final BlobTier slow;
  private final Leases leases;
  private final ConcurrentHashMap<Digest, Tier> current = new ConcurrentHashMap<>();
  private final Set<StoredCopy> retired = ConcurrentHashMap.newKeySet();
  private final OpenReaders readers = new OpenReaders();
  private final NamedLocks<Digest> locks = new NamedLocks<>();

  private TwoTierStore(BlobTier fast, BlobTier slow, Leases leases) {
    this.fast = fast;
    this.slow = slow;
    this.leases = leases;
  }

  /**
   * Joins two tiers. A blob on both, left by a crash in a move, counts as slow.
   *
   * @param fast the fast tier; the store closes it
   * @param slow the slow tier; the store closes it
   * @param leases what the kernel still reads from
   * @return the store
   * @throws IOException if a medium fails
   */
  public static TwoTierStore open(BlobTier fast, BlobTier slow, Leases leases) throws IOException {
    TwoTierStore store = new TwoTierStore(fast, slow, leases);
    Set<Digest> onSlow = slow.blobs().keySet();
    for (Digest blob : onSlow) {
      store.current.put(blob, Tier.SLOW);
    }
    for (Digest blob : fast.blobs().keySet()) {
      if (onSlow.contains(blob)) {
        store.letGo(new StoredCopy(blob, Tier.FAST));
      } else {
        store.current.put(blob, Tier.FAST);
      }
    }
    return store;
  }

  @Override
  public BlobWriter write(Tier tier, long expectedBytes) throws IOException {
    return new HashingWriter(this, tier, tierOf(tier).write(expectedBytes));
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    for (Tier tier = current.get(blob); tier != null; tier = current.get(blob)) {
      StoredCopy copy = new StoredCopy(blob, tier);
      readers.enter(copy);
      boolean opened = false;
      try {
        if (tier == current.get(blob)) {
          BlobReader reader = tierOf(tier).read(blob);
          opened = true;
          return new OpenReaders.Counted(reader, () -> leave(copy));
        }
      } catch (BlobNotFoundException e) {
        if (tier == current.get(blob)) {
          throw e; // the medium lost it
        }
      } finally {
        if (!opened) {
          leave(copy);
        }
      }
    }
    throw new BlobNotFoundException(blob);
  }

  @Override
  public Optional<BlobLocation> locate(Digest blob) {
    for (Tier tier = current.get(blob); tier != null; tier = current.get(blob)) {
      Tier found = tier;
      Optional<BlobLocation> location =
          tierOf(tier)
              .locate(blob)
              .map(at -> new BlobLocation(found, at.file(), at.offset(), at.length()));
      if (location.isPresent() || tier == current.get(blob)) {
        return location;
      }
    }
    return Optional.empty();
  }

  @Override
  public void move(Digest blob, Tier target) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
      Tier source = current.get(blob);
      if (source == null) {
        throw new BlobNotFoundException(blob);
      }
      if (source != target) {
        try (BlobReader original = tierOf(source).read(blob);
            TierWriter copy = tierOf(target).write(original.size())) {
          VerifiedCopy.copy(original, copy, blob);
        }
        // if the target still had its own, retired copy, that one counts again
        retired.remove(new StoredCopy(blob, target));
        current.put(blob, target);
        letGo(new StoredCopy(blob, source));
      }
    }
  }

  @Override
  public boolean delete(Digest blob) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
      Tier tier = current.remove(blob);
      if (tier == null) {
        return false;
      }
      letGo(new StoredCopy(blob, tier));
      return true;
    }
  }

  /**
   * Frees what was kept only for mounted root file systems that are gone by now.
   *
   * @return the number of bytes that became free
   * @throws IOException if a medium or the catalogue fails
   */
  public long sweep() throws IOException {
    leases.expire();
    long before = fast.usage().usedBytes() + slow.usage().usedBytes();
    for (StoredCopy copy : List.copyOf(retired)) {
      reap(copy);
    }
    return Math.max(0, before - fast.usage().usedBytes() - slow.usage().usedBytes());
  }

  @Override
  public Set<Digest> blobs(Tier tier) {
    return current.entrySet().stream()
        .filter(entry -> entry.getValue() == tier)
        .map(entry -> entry.getKey())
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Usage usage(Tier tier) {
    Usage all = tierOf(tier).usage();
    return new Usage(blobs(tier).size(), all.usedBytes(), all.capacityBytes());
  }

  @Override
  public TierDescription describe(Tier tier) {
    return tierOf(tier).description();
  }

  @Override
  public void close() throws IOException {
    try (fast;
        slow) {
      current.clear();
      retired.clear();
    }
  }

  /** Makes a written blob visible, unless it is there already. */
  void publish(Tier tier, TierWriter writer, Digest name) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(name)) {
      if (!current.containsKey(name)) {
        writer.commit(name);
        retired.remove(new StoredCopy(name, tier));
        current.put(name, tier);
      }
    }
  }

  private BlobTier tierOf(Tier tier) {
    return tier == Tier.FAST ? fast : slow;
  }

  private void leave(StoredCopy copy) throws IOException {
    if (readers.leave(copy) && retired.contains(copy)) {
      reap(copy);
    }
  }

  private void reap(StoredCopy copy) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(copy.blob())) {
      if (retired.contains(copy)) {
        letGo(copy);
      }
    }
  }

  /** Under the blob's lock, for a copy that does not count any more: deletes it or retires it. */
  private void letGo(StoredCopy copy) throws IOException {
    // first, so that a failure below leaves it to the next sweep
    retired.add(copy);
    BlobTier tier = tierOf(copy.tier());
    boolean needed = tier.reusesSpaceInPlace() && (readers.any(copy) || leases.leased(copy.blob()));
    if (!needed) {
      tier.delete(copy.blob());
      retired.remove(copy);
    }
  }
}
