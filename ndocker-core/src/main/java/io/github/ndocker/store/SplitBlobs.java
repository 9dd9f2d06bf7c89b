package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which keys on the tiers are parts of split blobs, in memory and in the catalogue. Thread-safe.
 */
final class SplitBlobs {
  private static final Logger LOG = LoggerFactory.getLogger(SplitBlobs.class);

  private final SplitTable table;
  private final ConcurrentHashMap<Digest, SplitBlob> byPart = new ConcurrentHashMap<>();

  SplitBlobs(SplitTable table) throws IOException {
    this.table = table;
    for (SplitBlob split : table.list()) {
      remember(split);
    }
  }

  boolean isPart(Digest key) {
    return byPart.containsKey(key);
  }

  List<SplitBlob> list() {
    return byPart.values().stream().distinct().toList();
  }

  /** Before the parts get names on their tiers, and again when they have. */
  void put(SplitBlob split) throws IOException {
    table.put(split);
    remember(split);
  }

  /** Before a blob is deleted: a crash between its parts must not leave one that looks wanted. */
  void unwanted(List<StoredCopy> copies) {
    for (StoredCopy copy : copies) {
      SplitBlob split = byPart.get(copy.key());
      if (split != null && !split.runs().isEmpty()) {
        try {
          put(split.withRuns(List.of()));
        } catch (IOException e) {
          // on a full disk the deletion makes the room that the mark would need
          LOG.warn("a crash now may leave a part of {}", split.blob(), e);
        }
      }
    }
  }

  /** A part is gone from its tier. */
  void gone(StoredCopy part) throws IOException {
    SplitBlob split = byPart.remove(part.key());
    if (split != null
        && !byPart.containsKey(split.slowPart())
        && !byPart.containsKey(split.fastPart())) {
      table.remove(split);
    }
  }

  private void remember(SplitBlob split) {
    byPart.put(split.slowPart(), split);
    byPart.put(split.fastPart(), split);
  }
}
