package io.github.ndocker.store;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.BlobReader;
import io.github.ndocker.api.BlobWriter;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.SplitBlobWriter;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierDescription;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.api.Usage;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.spi.BlobTier.TierWriter;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * The store over two tiers. Where each blob is, is what the tiers list when they are opened; there
 * is no second record that could be out of step. Only of a split blob does the catalogue say which
 * bytes lie in which of its parts.
 *
 * <p>Every change of a blob's copies happens under the lock of its digest, and a copy is let go of
 * in this order: it stops being the one that counts, then readers, holds and leases are asked, then
 * its bytes go. Whoever wants to keep it registers first and then checks that it still counts; so
 * one of the two always sees the other.
 */
public final class TwoTierStore implements TieredBlobStore {
  private final SecureRandom random = new SecureRandom();
  private final BlobTier fast;
  private final BlobTier slow;
  private final Leases leases;
  private final SplitBlobs splits;
  private final StoreEvents events;
  private final ConcurrentHashMap<Digest, Placement> current = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<Digest, SplitBlob> incomplete = new ConcurrentHashMap<>();
  private final Set<StoredCopy> retired = ConcurrentHashMap.newKeySet();
  private final OpenReaders readers = new OpenReaders();
  private final NamedLocks<Digest> locks = new NamedLocks<>();

  private TwoTierStore(
      BlobTier fast, BlobTier slow, Leases leases, SplitBlobs splits, StoreEvents events) {
    this.fast = fast;
    this.slow = slow;
    this.leases = leases;
    this.splits = splits;
    this.events = events;
  }

  /**
   * Joins two tiers. A blob on both, left by a crash in a move, counts as slow.
   *
   * @param fast the fast tier; the store closes it
   * @param slow the slow tier; the store closes it
   * @param leases what the kernel still reads from
   * @param splits the split blobs of the catalogue
   * @return the store
   * @throws IOException if a medium or the catalogue fails
   */
  public static TwoTierStore open(BlobTier fast, BlobTier slow, Leases leases, SplitTable splits)
      throws IOException {
    return open(fast, slow, leases, splits, StoreListener.NONE);
  }

  /**
   * As {@link #open(BlobTier, BlobTier, Leases, SplitTable)}, watched.
   *
   * @param fast the fast tier; the store closes it
   * @param slow the slow tier; the store closes it
   * @param leases what the kernel still reads from
   * @param splits the split blobs of the catalogue
   * @param listener hears what happens to blobs, from the begin on
   * @return the store
   * @throws IOException if a medium or the catalogue fails
   */
  public static TwoTierStore open(
      BlobTier fast, BlobTier slow, Leases leases, SplitTable splits, StoreListener listener)
      throws IOException {
    TwoTierStore store =
        new TwoTierStore(fast, slow, leases, new SplitBlobs(splits), new StoreEvents(listener));
    store.findWholeBlobs();
    store.findSplitBlobs();
    return store;
  }

  private void findWholeBlobs() throws IOException {
    for (Digest key : slow.blobs().keySet()) {
      if (!isPart(key, Tier.SLOW)) {
        current.put(key, Placement.whole(key, Tier.SLOW));
      }
    }
    for (Digest key : fast.blobs().keySet()) {
      if (!isPart(key, Tier.FAST)
          && current.putIfAbsent(key, Placement.whole(key, Tier.FAST)) != null) {
        letGo(StoredCopy.whole(key, Tier.FAST));
      }
    }
  }

  /** A part that the catalogue does not know is of no use to anybody. */
  private boolean isPart(Digest key, Tier tier) throws IOException {
    if (!SplitBlob.isPartKey(key)) {
      return false;
    }
    if (!splits.isPart(key)) {
      letGo(StoredCopy.whole(key, tier));
    }
    return true;
  }

  /**
   * A blob that is whole somewhere needs no parts. Where one part is missing, the other one is kept
   * until the blob is stored again: its tier may only not be mounted.
   */
  private void findSplitBlobs() throws IOException {
    Map<Digest, Long> onSlow = slow.blobs();
    Map<Digest, Long> onFast = fast.blobs();
    for (SplitBlob split : splits.list()) {
      boolean complete = true;
      for (StoredCopy part : split.copies()) {
        Long size = (part.tier() == Tier.SLOW ? onSlow : onFast).get(part.key());
        complete &= size != null && size == split.bytesOn(part.tier());
      }
      if (split.runs().isEmpty() || current.containsKey(split.blob())) {
        discard(split);
      } else if (complete) {
        current.put(split.blob(), Placement.of(split));
        discardIncomplete(split.blob());
      } else if (incomplete.putIfAbsent(split.blob(), split) != null) {
        discard(split);
      }
    }
  }

  @Override
  public BlobWriter write(Tier tier, long expectedBytes) throws IOException {
    return new HashingWriter(this, tier, begin(tier, expectedBytes));
  }

  @Override
  public SplitBlobWriter writeSplit() {
    return new SplitWriter(this);
  }

  /** A piece of a blob, of a size that nobody knows. */
  TierWriter begin(Tier tier) throws IOException {
    return begin(tier, 0);
  }

  TierWriter begin(Tier tier, long expectedBytes) throws IOException {
    return ReportingWriter.begin(tier, tierOf(tier), expectedBytes, events);
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
    found.copies().forEach(readers::enter);
    boolean opened = false;
    try {
      if (found.equals(current.get(blob))) {
        BlobReader reader = open(found);
        opened = true;
        return Optional.of(new OpenReaders.Counted(reader, () -> leave(found)));
      }
    } catch (BlobNotFoundException e) {
      if (found.equals(current.get(blob))) {
        throw e; // the medium lost it
      }
    } finally {
      if (!opened) {
        leave(found);
      }
    }
    return Optional.empty();
  }

  private BlobReader open(Placement placement) throws IOException {
    Map<Tier, BlobReader> parts = new EnumMap<>(Tier.class);
    try {
      for (StoredCopy copy : placement.copies()) {
        parts.put(copy.tier(), tierOf(copy.tier()).read(copy.key()));
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

  /** What counts of a blob now. */
  Optional<Placement> placement(Digest blob) {
    return Optional.ofNullable(current.get(blob));
  }

  /** For work on these copies that is for nothing when others count. */
  StillWanted whileItCounts(Digest blob, Placement found) {
    return () -> {
      if (!found.equals(current.get(blob))) {
        throw new PlacementChangedException(blob);
      }
    };
  }

  StoreEvents events() {
    return events;
  }

  /**
   * Tells the listener that the kernel reads these blobs where they lie.
   *
   * @param blobs of a root filesystem that was mounted
   */
  public void mounted(Set<Digest> blobs) {
    for (Digest blob : blobs) {
      placement(blob).ifPresent(at -> tellHit(blob, at));
    }
  }

  private void tellHit(Digest blob, Placement at) {
    at.copies().forEach(copy -> events.hit(blob, copy.tier(), bytesOf(copy)));
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

  Optional<BlobLocation> locate(Placement placement) {
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
    return tierOf(copy.tier()).locate(copy.key()).stream()
        .map(at -> new BlobExtent(copy.tier(), at.file(), at.offset(), at.length()))
        .toList();
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
    long bytes = placement(blob).map(at -> bytesOn(at, Tier.FAST)).orElse(0L);
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
          || VerifiedCopy.move(this, blob, source, target, pace, wanted)) {
        return;
      }
      source = current.get(blob);
    }
    throw new BlobNotFoundException(blob);
  }

  /** Makes a verified copy the one that counts, if what it is a copy of still does. */
  boolean switchTo(Digest blob, Placement source, Tier target, TierWriter copy) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
      if (!source.equals(current.get(blob))) {
        return false;
      }
      copy.commit(blob);
      // if the target still had its own, retired copy, that one counts again
      retired.remove(StoredCopy.whole(blob, target));
      current.put(blob, Placement.whole(blob, target));
      events.moved(blob, target, bytesOn(source, target == Tier.FAST ? Tier.SLOW : Tier.FAST));
      letGo(source.copies());
      return true;
    }
  }

  @Override
  public boolean delete(Digest blob) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(blob)) {
      discardIncomplete(blob);
      Placement placement = current.remove(blob);
      if (placement == null) {
        return false;
      }
      events.deleted(blob);
      letGo(placement.copies());
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
        .filter(entry -> entry.getValue().isOn(tier))
        .map(Map.Entry::getKey)
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
        retired.remove(StoredCopy.whole(name, tier));
        current.put(name, Placement.whole(name, tier));
        tellStored(name, Placement.whole(name, tier));
        discardIncomplete(name);
      }
    }
  }

  /** The same for a blob whose parts were written to both tiers. */
  void publish(Digest name, Map<Tier, TierWriter> parts, List<SplitBlob.Run> runs)
      throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(name)) {
      if (current.containsKey(name)) {
        return;
      }
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
      tellStored(name, Placement.of(split.withRuns(runs)));
      discardIncomplete(name);
    }
  }

  private void tellStored(Digest blob, Placement at) {
    at.copies().forEach(copy -> events.stored(blob, copy.tier(), bytesOf(copy)));
    events.complete(blob, incomplete.containsKey(blob));
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
      if (!tierOf(part.tier()).locate(part.key()).isEmpty()) {
        letGo(part);
      } else {
        splits.gone(part);
      }
    }
  }

  private BlobTier tierOf(Tier tier) {
    return tier == Tier.FAST ? fast : slow;
  }

  private void leave(Placement placement) throws IOException {
    // of all copies, before anything can fail
    List<StoredCopy> left = placement.copies().stream().filter(readers::leave).toList();
    for (StoredCopy copy : left) {
      if (retired.contains(copy)) {
        reap(copy);
      }
    }
  }

  private void reap(StoredCopy copy) throws IOException {
    try (NamedLocks<Digest>.Held held = locks.lock(copy.blob())) {
      if (retired.contains(copy) && !isNeeded(copy)) {
        free(copy);
      }
    }
  }

  private void letGo(List<StoredCopy> copies) throws IOException {
    // all of them first, so that a failure leaves none out of the next sweep
    retired.addAll(copies);
    for (StoredCopy copy : copies) {
      letGo(copy);
    }
  }

  /** Under the blob's lock, for a copy that does not count any more: deletes it or retires it. */
  private void letGo(StoredCopy copy) throws IOException {
    // first, so that a failure below leaves it to the next sweep
    retired.add(copy);
    if (isNeeded(copy)) {
      events.retired(copy, bytesOf(copy));
    } else {
      free(copy);
    }
  }

  private boolean isNeeded(StoredCopy copy) {
    return readers.any(copy) || leases.leased(copy.blob());
  }

  private void free(StoredCopy copy) throws IOException {
    long bytes = bytesOf(copy);
    tierOf(copy.tier()).delete(copy.key());
    if (copy.isPart()) {
      splits.gone(copy);
    }
    retired.remove(copy);
    events.freed(copy, bytes);
  }

  private long bytesOn(Placement placement, Tier tier) {
    return placement.copies().stream()
        .filter(copy -> copy.tier() == tier)
        .mapToLong(this::bytesOf)
        .sum();
  }

  private long bytesOf(StoredCopy copy) {
    return tierOf(copy.tier()).locate(copy.key()).stream().mapToLong(BlobTier.Extent::length).sum();
  }
}
