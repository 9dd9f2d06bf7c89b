package io.github.ndocker.store;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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

  private final Tiers tiers;
  private final RetiredCopies retired;
  private final Commits commits;
  private final Leases leases;
  private final StoreEvents events;
  private final ConcurrentHashMap<Digest, Placement> current = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Digest, SplitBlob> incomplete = new ConcurrentHashMap<>();
  private final OpenReaders readers = new OpenReaders();
  private final NamedLocks<Digest> locks = new NamedLocks<>();

  private TwoTierStore(Tiers tiers, Leases leases, Catalogue catalogue, StoreEvents events)
      throws IOException {
    this.tiers = tiers;
    this.leases = leases;
    this.events = events;
    SplitBlobs splits = new SplitBlobs(catalogue.splits());
    this.retired = new RetiredCopies(tiers, leases, splits, catalogue.retired(), readers, events);
    this.commits = new Commits(tiers, splits, retired, events, current, incomplete);
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
    return open(fast, slow, leases, catalogue, StoreListener.NONE);
  }

  /**
   * As {@link #open(BlobTier, BlobTier, Leases, Catalogue)}, watched.
   *
   * @param fast the fast tier; the store closes it
   * @param slow the slow tier; the store closes it
   * @param leases what the kernel still reads from
   * @param catalogue as there
   * @param listener hears what happens to blobs, also while this opens
   * @return the store
   * @throws IOException if a medium or the catalogue fails
   */
  public static TwoTierStore open(
      BlobTier fast, BlobTier slow, Leases leases, Catalogue catalogue, StoreListener listener)
      throws IOException {
    return new TwoTierStore(new Tiers(fast, slow), leases, catalogue, new StoreEvents(listener));
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
      return new ReportingWriter(tier, tiers.of(tier).write(expectedBytes), events);
    } catch (TierFullException e) {
      if (sweep() == 0) {
        events.refused(tier, e);
        throw e;
      }
      return ReportingWriter.begin(tier, tiers.of(tier), expectedBytes, events);
    }
  }

  @Override
  public BlobReader read(Digest blob) throws IOException {
    for (Placement at = current.get(blob); at != null; at = current.get(blob)) {
      Optional<BlobReader> reader = read(blob, at);
      if (reader.isPresent()) {
        tellHit(blob, at);
        return reader.get();
      }
    }
    throw new BlobNotFoundException(blob);
  }

  /** Opens these copies, which is no hit; empty if others count by now. */
  Optional<BlobReader> read(Digest blob, Placement found) throws IOException {
    List<OpenReaders.Use> uses = found.copies().stream().map(readers::enter).toList();
    boolean opened = false;
    try {
      if (found.equals(current.get(blob))) {
        BlobReader reader = tiers.open(found);
        opened = true;
        return Optional.of(new OpenReaders.Counted(reader, () -> leave(uses)));
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
    return Optional.empty();
  }

  /** What counts of a blob now. */
  Optional<Placement> placement(Digest blob) {
    return Optional.ofNullable(current.get(blob));
  }

  /** For work on these copies, which is for nothing when others count. */
  StillWanted whileItCounts(Digest blob, Placement found) {
    return () -> {
      if (!found.equals(current.get(blob))) {
        throw new PlacementChangedException(blob);
      }
    };
  }

  Tiers tiers() {
    return tiers;
  }

  StoreEvents events() {
    return events;
  }

  /**
   * Tells the tiers and the listener that the kernel reads these blobs where they lie.
   *
   * @param blobs of a root filesystem that was mounted
   */
  public void mounted(Set<Digest> blobs) {
    for (Digest blob : blobs) {
      placement(blob)
          .ifPresent(
              at -> {
                at.copies().forEach(this::tellMounted);
                tellHit(blob, at);
              });
    }
  }

  /** A tier of somebody else must not cost a mount that is there by now. */
  private void tellMounted(StoredCopy copy) {
    try {
      tiers.of(copy.tier()).mounted(copy.key());
    } catch (RuntimeException e) {
      LOG.warn("the {} tier failed when it heard of a mount", copy.tier(), e);
    }
  }

  private void tellHit(Digest blob, Placement at) {
    at.copies().forEach(copy -> events.hit(blob, copy.tier(), tiers.bytesOf(copy)));
  }

  @Override
  public Optional<BlobLocation> locate(Digest blob) {
    for (Placement at = current.get(blob); at != null; at = current.get(blob)) {
      Optional<BlobLocation> location = tiers.locate(at);
      if (location.isPresent() || at.equals(current.get(blob))) {
        return location;
      }
    }
    return Optional.empty();
  }

  @Override
  public void move(Digest blob, Tier target) throws IOException {
    move(blob, target, Pace.FULL, () -> {});
  }

  /**
   * Moves a blob to the slow tier to make room, and tells the listener so.
   *
   * @param blob its digest
   * @throws IOException as {@link #move}
   */
  public void evict(Digest blob) throws IOException {
    long bytes = placement(blob).map(at -> tiers.bytesOn(at, Tier.FAST)).orElse(0L);
    move(blob, Tier.SLOW);
    if (bytes > 0) {
      events.evicted(blob, bytes);
    }
  }

  /**
   * As {@link #move(Digest, Tier)}.
   *
   * @param pace how fast
   * @param wanted asked before each piece; what it throws ends the move and leaves the original
   */
  void move(Digest blob, Tier target, Pace pace, StillWanted wanted) throws IOException {
    Placement source = current.get(blob);
    while (source != null) {
      if (source.isWhollyOn(target)
          || moveBack(blob, source, target)
          || VerifiedCopy.move(this, blob, source, target, pace, wanted)) {
        return;
      }
      source = current.get(blob);
    }
    throw new BlobNotFoundException(blob);
  }

  /** If the target still has a retired copy, and it is good, that one counts again. */
  private boolean moveBack(Digest blob, Placement source, Tier target) throws IOException {
    if (!retired.contains(StoredCopy.whole(blob, target))) {
      return false;
    }
    try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
      if (!source.equals(current.get(blob)) || !commits.restored(blob, target)) {
        return false;
      }
      count(blob, source, target);
      return true;
    }
  }

  /** Makes a verified copy the one that counts, if what it is a copy of still does. */
  boolean switchTo(Digest blob, Placement source, Tier target, TierWriter copy) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
      if (!source.equals(current.get(blob))) {
        return false;
      }
      // there is one if the blob was there and back while it was copied
      if (!commits.restored(blob, target)) {
        copy.commit(blob);
      }
      count(blob, source, target);
      return true;
    }
  }

  private void count(Digest blob, Placement source, Tier target) throws IOException {
    try {
      retired.retire(source.copies());
    } catch (IOException | RuntimeException e) {
      // the copy is there, and does not count
      retired.condemn(StoredCopy.whole(blob, target));
      throw e;
    }
    long bytes = tiers.bytesOn(source, target == Tier.FAST ? Tier.SLOW : Tier.FAST);
    current.put(blob, Placement.whole(blob, target));
    events.moved(blob, target, bytes);
    retired.free(source.copies());
  }

  @Override
  public boolean delete(Digest blob) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
      commits.discardIncomplete(blob);
      Placement placement = current.get(blob);
      if (placement == null) {
        return false;
      }
      retired.retire(placement.copies());
      current.remove(blob);
      events.deleted(blob);
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
        commits.condemnIncomplete(blob);
        Placement placement = current.get(blob);
        if (placement != null) {
          placement.copies().forEach(retired::condemn);
          current.remove(blob);
          events.deleted(blob);
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
   * @throws io.github.ndocker.api.DigestMismatchException if it is damaged
   * @throws IOException if the medium fails
   */
  public void verify(Digest blob) throws IOException {
    for (Placement at = current.get(blob); at != null; at = current.get(blob)) {
      if (verify(blob, at)) {
        return;
      }
    }
    throw new BlobNotFoundException(blob);
  }

  /** False if other copies count by now. */
  private boolean verify(Digest blob, Placement at) throws IOException {
    try {
      Optional<BlobReader> found = read(blob, at);
      if (found.isPresent()) {
        try (BlobReader reader = found.get()) {
          VerifiedCopy.verify(reader, blob);
        }
      }
      return found.isPresent();
    } catch (IOException e) {
      events.damaged(blob, e);
      throw e;
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
    return sweep(() -> {});
  }

  /**
   * As {@link #sweep()}, with a break now and then.
   *
   * @param pause after every few of the blobs, with no lock held
   * @return the number of bytes that became free
   * @throws IOException if a medium or the catalogue fails
   */
  public long sweep(Runnable pause) throws IOException {
    leases.expire();
    long before = tiers.usedBytes();
    List<StoredCopy> left = retired.list();
    for (int from = 0; from < left.size(); from += SWEPT_AT_ONCE) {
      sweep(left.subList(from, Math.min(left.size(), from + SWEPT_AT_ONCE)));
      pause.run();
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

  /**
   * The blobs of which a part is missing, which is kept until they are stored again or let go of.
   *
   * @return their digests, a copy
   */
  public Set<Digest> incompleteBlobs() {
    return Set.copyOf(incomplete.keySet());
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
   * Keeps a record of the catalogue on the slow tier, as a blob of its own kind of name.
   *
   * @param row the record
   * @throws TierFullException if there is no room
   * @throws IOException if the medium fails
   */
  public void writeRecord(CatalogueRecord row) throws IOException {
    byte[] document = row.document();
    try (TierWriter writer = begin(Tier.SLOW, document.length)) {
      writer.write(ByteBuffer.wrap(document));
      publish(Tier.SLOW, writer, row.documentDigest());
    }
  }

  /**
   * Whether a name is one that the store gives itself, so that no bytes from outside may have it.
   *
   * @param name the name, such as a diff ID of an image
   * @return true if no blob from outside is called so
   */
  public static boolean isReserved(Digest name) {
    return RecordKey.isRecordKey(name) || SplitBlob.isPartKey(name);
  }

  /** Makes a written blob visible. */
  void publish(Tier tier, TierWriter writer, Digest name) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(name)) {
      commits.publish(tier, writer, name);
    }
  }

  /** The same for a blob whose parts were written to both tiers. */
  void publish(Digest name, Map<Tier, TierWriter> parts, List<SplitBlob.Run> runs)
      throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(name)) {
      commits.publish(name, parts, runs);
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
