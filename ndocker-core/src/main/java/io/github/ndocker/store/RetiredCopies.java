package io.github.ndocker.store;

import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.spi.BlobTier;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Copies that do not count any more: deleted, or kept as long as a reader, a mount or a mount being
 * prepared reads them. The catalogue names those that are kept, before anything else changes, so
 * that none counts again after a crash. Thread-safe; each copy is let go of under the lock of its
 * blob.
 */
final class RetiredCopies {
  private final SecureRandom random = new SecureRandom();
  private final Tiers tiers;
  private final Leases leases;
  private final SplitBlobs splits;
  private final RetiredTable table;
  private final OpenReaders readers;
  private final StoreEvents events;
  private final Set<StoredCopy> copies = ConcurrentHashMap.newKeySet();
  private final Set<StoredCopy> recorded = ConcurrentHashMap.newKeySet();

  RetiredCopies(
      Tiers tiers,
      Leases leases,
      SplitBlobs splits,
      RetiredTable table,
      OpenReaders readers,
      StoreEvents events)
      throws IOException {
    this.tiers = tiers;
    this.leases = leases;
    this.splits = splits;
    this.table = table;
    this.readers = readers;
    this.events = events;
    for (StoredCopy copy : table.list()) {
      recorded.add(copy);
      copies.add(copy);
    }
  }

  boolean contains(StoredCopy copy) {
    return copies.contains(copy);
  }

  List<StoredCopy> list() {
    return List.copyOf(copies);
  }

  /** From now on these copies do not count, whatever happens. Their bytes stay for the moment. */
  void retire(List<StoredCopy> unwanted) throws IOException {
    List<StoredCopy> kept = unwanted.stream().filter(this::isRead).toList();
    if (!kept.isEmpty()) {
      table.add(kept);
      recorded.addAll(kept);
    }
    copies.addAll(unwanted);
    kept.forEach(copy -> events.retired(copy, tiers.bytesOf(copy)));
  }

  /** As {@link #retire}, where a crash may make the copy count again. */
  void condemn(StoredCopy unwanted) {
    copies.add(unwanted);
  }

  /** A copy counts again. */
  void restore(StoredCopy copy) throws IOException {
    if (recorded.contains(copy)) {
      table.remove(copy);
      recorded.remove(copy);
    }
    copies.remove(copy);
  }

  /** Deletes a retired copy unless it is read. */
  void free(StoredCopy copy) throws IOException {
    free(List.of(copy));
  }

  /** Deletes those of the retired copies that nobody reads; the catalogue names the others. */
  void free(List<StoredCopy> unwanted) throws IOException {
    List<StoredCopy> kept = new ArrayList<>();
    Map<Tier, Set<Digest>> deleted = new EnumMap<>(Tier.class);
    Map<StoredCopy, Long> gone = new LinkedHashMap<>();
    for (StoredCopy copy : unwanted) {
      if (!isRead(copy)) {
        deleted.computeIfAbsent(copy.tier(), tier -> new HashSet<>()).add(copy.key());
        gone.put(copy, tiers.bytesOf(copy));
      } else if (!recorded.contains(copy)) {
        kept.add(copy);
      }
    }
    if (!kept.isEmpty()) {
      table.add(kept);
      recorded.addAll(kept);
      kept.forEach(copy -> events.retired(copy, tiers.bytesOf(copy)));
    }
    // before their bytes go: a crash between two parts must not leave one that looks wanted
    splits.unwanted(gone.keySet());
    for (Map.Entry<Tier, Set<Digest>> one : deleted.entrySet()) {
      tiers.of(one.getKey()).deleteAll(one.getValue());
    }
    for (Map.Entry<StoredCopy, Long> one : gone.entrySet()) {
      StoredCopy copy = one.getKey();
      if (copy.isPart()) {
        splits.gone(copy);
      }
      restore(copy);
      events.freed(copy, one.getValue());
    }
  }

  /**
   * Makes room for a whole copy of the blob: one that is there, retired or damaged, gets another
   * name, under which it is deleted as soon as nobody reads it.
   */
  void setAside(StoredCopy copy) throws IOException {
    BlobTier tier = tiers.of(copy.tier());
    Digest key = SplitBlob.newPartKey(random);
    StoredCopy aside = new StoredCopy(copy.blob(), copy.tier(), key);
    // before the name, so that a crash leaves a name that is known to be of no use
    table.add(List.of(aside));
    recorded.add(aside);
    try {
      tier.rename(copy.key(), key);
      readers.renamed(copy, aside);
      copies.add(aside);
      restore(copy);
      free(aside);
    } catch (BlobNotFoundException e) {
      // taken away behind our back: there is nothing to keep
      restore(aside);
      restore(copy);
    }
  }

  private boolean isRead(StoredCopy copy) {
    return readers.any(copy)
        || leases.leased(copy.blob())
        // where leases were lost, what the tiers list is leased, and they know no blob of a part
        || (copy.isPart() && leases.leased(copy.key()));
  }

  /** The rows of copies that are not there (any more). */
  void forgetMissing() throws IOException {
    List<StoredCopy> missing = new ArrayList<>();
    for (StoredCopy copy : recorded) {
      if (tiers.of(copy.tier()).locate(copy.key()).isEmpty()) {
        missing.add(copy);
      }
    }
    for (StoredCopy copy : missing) {
      restore(copy);
    }
  }
}
