package io.github.ndocker.store;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store over two tiers. Where each blob is, is what the tiers list when they are opened; there
 * is no second record that could be out of step. Only of a split blob does the catalogue say which
 * bytes lie in which of its parts, and which copies are kept although they do not count.
 *
 * <p>Every change of a blob's copies happens under the lock of its digest, and a copy is let go of
 * in this order: it stops being the one that counts, then readers, holds and leases are asked, then
 * its bytes go. Whoever wants to keep it registers first and then checks that it still counts; so
 * one of the two always sees the other.
 */
public final class TwoTierStore implements TieredBlobStore {
  private static final Logger LOG = LoggerFactory.getLogger(TwoTierStore.class);

  /** So few that whoever wants one of them does not wait long. */
  private static final int SWEPT_AT_ONCE = 64;

  private final SecureRandom random = new SecureRandom();
  private final Tiers tiers;
  private final SplitBlobs splits;
  private final RetiredCopies retired;
  private final Leases leases;
  private final ConcurrentHashMap<Digest, Placement> current = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Digest, SplitBlob> incomplete = new ConcurrentHashMap<>();
  private final OpenReaders readers = new OpenReaders();
  private final NamedLocks<Digest> locks = new NamedLocks<>();

  private TwoTierStore(Tiers tiers, Leases leases, Catalogue catalogue) throws IOException {
    this.tiers = tiers;
    this.leases = leases;
    this.splits = new SplitBlobs(catalogue.splits());
    this.retired = new RetiredCopies(tiers, leases, splits, catalogue.retired(), readers);
    new StoreOpening(tiers, splits, retired, current, incomplete).run();
  }

  /**
   * Joins two tiers. A blob on both, left by a crash in a move, counts as slow.
   *
   * @param fast the fast tier; the store closes it
   * @param slow the slow tier; the store closes it
   * @param leases what the kernel still reads from
   * @param catalogue which blobs are split, and which copies are kept for their readers only
   * @return the store
   * @throws IOException if a medium or the catalogue fails
   */
  public static TwoTierStore open(BlobTier fast, BlobTier slow, Leases leases, Catalogue catalogue)
      throws IOException {
    return new TwoTierStore(new Tiers(fast, slow), leases, catalogue);
  }

  @Override
  public BlobWriter write(Tier tier, long expectedBytes) throws IOException {
    return new HashingWriter(this, tier, begin(tier, expectedBytes));
  }

  @Override
  public SplitBlobWriter writeSplit() {
    return new SplitWriter(this);
  }

  /** On a full tier, what is kept for mounts that are gone makes room first. */
  TierWriter begin(Tier tier, long expectedBytes) throws IOException {
    try {
      return tiers.of(tier).write(expectedBytes);
    } catch (TierFullException e) {
      if (sweep() == 0) {
        throw e;
      }
      return tiers.of(tier).write(expectedBytes);
    }
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    for (Placement at = current.get(blob); at != null; at = current.get(blob)) {
      Placement found = at;
      List<OpenReaders.Use> uses = found.copies().stream().map(readers::enter).toList();
      boolean opened = false;
      try {
        if (found.equals(current.get(blob))) {
          BlobReader reader = open(found);
          opened = true;
          return new OpenReaders.Counted(reader, () -> leave(uses));
        }
      } catch (BlobNotFoundException e) {
        if (found.equals(current.get(blob))) {
          throw e; // the medium lost it
        }
      } finally {
        if (!opened) {
          leave(uses);
        }
      }
    }
    throw new BlobNotFoundException(blob);
  }

  private BlobReader open(Placement placement) throws IOException {
    Map<Tier, BlobReader> parts = new EnumMap<>(Tier.class);
    try {
      for (StoredCopy copy : placement.copies()) {
        parts.put(copy.tier(), tiers.of(copy.tier()).read(copy.key()));
      }
    } catch (IOException | RuntimeException e) {
      for (BlobReader part : parts.values()) {
        part.close();
      }
      throw e;
    }
    return placement.runs().isEmpty()
        ? parts.values().iterator().next()
        : new SplitReader(parts, placement.runs());
  }

  @Override
  public Optional<BlobLocation> locate(Digest blob) {
    for (Placement at = current.get(blob); at != null; at = current.get(blob)) {
      Optional<BlobLocation> location = locate(at);
      if (location.isPresent() || at.equals(current.get(blob))) {
        return location;
      }
    }
    return Optional.empty();
  }

  private Optional<BlobLocation> locate(Placement placement) {
    Map<Tier, List<BlobExtent>> places = new EnumMap<>(Tier.class);
    for (StoredCopy copy : placement.copies()) {
      List<BlobExtent> extents = extentsOf(copy);
      if (extents.isEmpty()) {
        return Optional.empty();
      }
      places.put(copy.tier(), extents);
    }
    if (placement.runs().isEmpty()) {
      return Optional.of(new BlobLocation(places.values().iterator().next()));
    }
    List<BlobExtent> extents = new ArrayList<>();
    Map<Tier, Long> ends = new EnumMap<>(Tier.class);
    for (SplitBlob.Run run : placement.runs()) {
      long end = ends.merge(run.tier(), run.length(), Long::sum);
      BlobLocation part = new BlobLocation(Objects.requireNonNull(places.get(run.tier())));
      extents.addAll(part.range(end - run.length(), end));
    }
    return Optional.of(new BlobLocation(extents));
  }

  private List<BlobExtent> extentsOf(StoredCopy copy) {
    return tiers.of(copy.tier()).locate(copy.key()).stream()
        .map(at -> new BlobExtent(copy.tier(), at.file(), at.offset(), at.length()))
        .toList();
  }

  @Override
  public void move(Digest blob, Tier target) throws IOException {
    try {
      moveNow(blob, target);
    } catch (TierFullException e) {
      // without the blob's lock: sweeping takes those of others
      if (sweep() == 0) {
        throw e;
      }
      moveNow(blob, target);
    }
  }

  private void moveNow(Digest blob, Tier target) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
      Placement source = current.get(blob);
      if (source == null) {
        throw new BlobNotFoundException(blob);
      }
      if (!source.isWhollyOn(target)) {
        if (!restored(blob, target)) {
          try (BlobReader original = open(source);
              TierWriter copy = tiers.of(target).write(original.size())) {
            VerifiedCopy.copy(original, copy, blob);
          }
        }
        retired.retire(source.copies());
        current.put(blob, Placement.whole(blob, target));
        retired.free(source.copies());
      }
    }
  }

  @Override
  public boolean delete(Digest blob) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
      discardIncomplete(blob);
      Placement placement = current.get(blob);
      if (placement == null) {
        return false;
      }
      retired.retire(placement.copies());
      splits.unwanted(placement.copies());
      current.remove(blob);
      retired.free(placement.copies());
      return true;
    }
  }

  /**
   * Makes blobs invisible at once, without a write to any medium; {@link #sweep} deletes them then.
   * If the process dies before that, they are there again.
   *
   * @param blobs their digests
   * @return those that could not be, because something else changes them at this moment
   */
  public Set<Digest> condemn(Set<Digest> blobs) {
    Set<Digest> busy = new HashSet<>();
    for (Digest blob : blobs) {
      Optional<NamedLocks<Digest>.Held> free = locks.tryLock(blob);
      if (free.isEmpty()) {
        busy.add(blob);
        continue;
      }
      try (NamedLocks<Digest>.Held held = free.get()) {
        Placement placement = current.get(blob);
        if (placement != null) {
          placement.copies().forEach(retired::condemn);
          current.remove(blob);
        }
      }
    }
    return busy;
  }

  /**
   * Reads all of a blob and compares it with its digest.
   *
   * @param blob its digest
   * @throws BlobNotFoundException if no tier holds it, or a tier has lost it
   * @throws DigestMismatchException if it is damaged
   * @throws IOException if the medium fails
   */
  public void verify(Digest blob) throws IOException {
    try (BlobReader reader = read(blob)) {
      VerifiedCopy.verify(reader, blob);
    }
  }

  /**
   * Frees what was kept only for mounted root file systems that are gone by now, and what was
   * condemned.
   *
   * @return the number of bytes that became free
   * @throws IOException if a medium or the catalogue fails
   */
  public long sweep() throws IOException {
    leases.expire();
    long before = tiers.usedBytes();
    List<StoredCopy> left = retired.list();
    for (int from = 0; from < left.size(); from += SWEPT_AT_ONCE) {
      sweep(left.subList(from, Math.min(left.size(), from + SWEPT_AT_ONCE)));
    }
    return Math.max(0, before - tiers.usedBytes());
  }

  /** What is being changed at this moment is left to whoever changes it, or to the next sweep. */
  private void sweep(List<StoredCopy> left) throws IOException {
    List<NamedLocks<Digest>.Held> held = new ArrayList<>();
    try {
      List<StoredCopy> locked = new ArrayList<>();
      for (StoredCopy copy : left) {
        Optional<NamedLocks<Digest>.Held> lock = locks.tryLock(copy.blob());
        if (lock.isPresent()) {
          held.add(lock.get());
          if (retired.contains(copy)) {
            locked.add(copy);
          }
        }
      }
      retired.free(locked);
    } finally {
      held.forEach(NamedLocks.Held::close);
    }
  }

  @Override
  public Set<Digest> blobs(Tier tier) {
    return current.entrySet().stream()
        .filter(entry -> entry.getValue().isOn(tier))
        .map(Map.Entry::getKey)
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public Usage usage(Tier tier) {
    Usage all = tiers.of(tier).usage();
    return new Usage(blobs(tier).size(), all.usedBytes(), all.capacityBytes());
  }

  @Override
  public TierDescription describe(Tier tier) {
    return tiers.of(tier).description();
  }

  @Override
  public void close() throws IOException {
    tiers.close();
  }

  /**
   * Makes a written blob visible, unless it is there already and intact; a damaged one makes room.
   */
  void publish(Tier tier, TierWriter writer, Digest name) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(name)) {
      if (isIntact(name)) {
        return;
      }
      setAsideDamaged(name);
      if (!restored(name, tier)) {
        writer.commit(name);
      }
      current.put(name, Placement.whole(name, tier));
      discardIncomplete(name);
    }
  }

  /** The same for a blob whose parts were written to both tiers. */
  void publish(Digest name, Map<Tier, TierWriter> parts, List<SplitBlob.Run> runs)
      throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(name)) {
      if (isIntact(name)) {
        return;
      }
      setAsideDamaged(name);
      SplitBlob split =
          new SplitBlob(
              name, SplitBlob.newPartKey(random), SplitBlob.newPartKey(random), List.of());
      splits.put(split);
      try {
        for (StoredCopy part : split.copies()) {
          Objects.requireNonNull(parts.get(part.tier())).commit(part.key());
        }
        splits.put(split.withRuns(runs));
      } catch (IOException | RuntimeException e) {
        try {
          discard(split);
        } catch (IOException again) {
          e.addSuppressed(again);
        }
        throw e;
      }
      current.put(name, Placement.of(split.withRuns(runs)));
      discardIncomplete(name);
    }
  }

  /** Under the blob's lock. What cannot be read counts as damaged: somebody has better bytes. */
  private boolean isIntact(Digest blob) {
    if (!current.containsKey(blob)) {
      return false;
    }
    try {
      verify(blob);
      return true;
    } catch (IOException e) {
      LOG.warn("the stored blob {} is damaged and is replaced: {}", blob, e.getMessage());
      return false;
    }
  }

  /** Under the blob's lock: its copies do not count any more, and their names are free. */
  private void setAsideDamaged(Digest blob) throws IOException {
    Placement damaged = current.remove(blob);
    if (damaged != null) {
      for (StoredCopy copy : damaged.copies()) {
        if (copy.isPart()) {
          retired.condemn(copy);
          retired.free(copy);
        } else {
          retired.setAside(copy);
        }
      }
    }
  }

  /**
   * Under the blob's lock: lets a retired copy count again that a tier still has, if it is good.
   */
  private boolean restored(Digest blob, Tier tier) throws IOException {
    StoredCopy copy = StoredCopy.whole(blob, tier);
    if (!retired.contains(copy)) {
      return false;
    }
    try (BlobReader reader = tiers.of(tier).read(blob)) {
      VerifiedCopy.verify(reader, blob);
    } catch (IOException e) {
      LOG.warn("the copy of {} on {} is damaged: {}", blob, tier, e.getMessage());
      retired.setAside(copy);
      return false;
    }
    retired.restore(copy);
    return true;
  }

  /** Under the blob's lock: it is there again, or nobody wants it any more. */
  private void discardIncomplete(Digest blob) throws IOException {
    SplitBlob left = incomplete.remove(blob);
    if (left != null) {
      discard(left);
    }
  }

  /** Whichever of its parts are there. */
  private void discard(SplitBlob split) throws IOException {
    for (StoredCopy part : split.copies()) {
      if (!tiers.of(part.tier()).locate(part.key()).isEmpty()) {
        retired.condemn(part);
        retired.free(part);
      } else {
        splits.gone(part);
      }
    }
  }

  private void leave(List<OpenReaders.Use> uses) throws IOException {
    // all of them, before anything can fail
    List<StoredCopy> left = uses.stream().map(readers::leave).toList();
    for (StoredCopy copy : left) {
      reap(copy);
    }
  }

  private void reap(StoredCopy copy) throws IOException {
    if (retired.contains(copy)) {
      try (NamedLocks<Digest>.Held held = locks.lock(copy.blob())) {
        if (retired.contains(copy)) {
          retired.free(copy);
        }
      }
    }
  }
}
