package io.github.ndocker.llpl;

import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the directories of all pools of a tier when it is opened. A blob whose records are not all
 * there and right, or that lies where another one does, is not a blob: its records are cleared, and
 * it is fetched again when somebody needs it.
 */
final class StoredBlobs {
  private static final Logger LOG = LoggerFactory.getLogger(StoredBlobs.class);

  private final Arenas arenas;
  private final Map<Digest, StoredBlob> blobs = new HashMap<>();

  private StoredBlobs(Arenas arenas) {
    this.arenas = arenas;
  }

  static Map<Digest, StoredBlob> load(List<Pool> pools, Arenas arenas) throws IOException {
    StoredBlobs stored = new StoredBlobs(arenas);
    for (Pool pool : pools) {
      stored.load(pool);
    }
    for (Digest name : stored.overlapping()) {
      StoredBlob blob = Objects.requireNonNull(stored.blobs.remove(name), "blob");
      LOG.warn("{} drops {}, which lies where another blob does", blob.home().path(), name);
      blob.home().directory().clear(blob.slots());
    }
    return stored.blobs;
  }

  private void load(Pool pool) throws IOException {
    List<Integer> damaged = new ArrayList<>();
    Map<Digest, Map<Integer, BlobRecord>> records = new HashMap<>();
    pool.directory()
        .load(damaged)
        .forEach(
            (slot, record) ->
                records.computeIfAbsent(record.name(), name -> new HashMap<>()).put(slot, record));
    if (!damaged.isEmpty()) {
      LOG.warn("{} drops {} damaged records", pool.path(), damaged.size());
      pool.directory().clear(damaged);
    }
    for (Map.Entry<Digest, Map<Integer, BlobRecord>> blob : records.entrySet()) {
      Optional<StoredBlob> found = blobOf(pool, blob.getValue());
      if (found.isEmpty() || blobs.putIfAbsent(blob.getKey(), found.get()) != null) {
        LOG.warn("{} drops {}, whose records contradict", pool.path(), blob.getKey());
        pool.directory().clear(blob.getValue().keySet());
      }
    }
  }

  private Optional<StoredBlob> blobOf(Pool pool, Map<Integer, BlobRecord> records) {
    List<BlobRecord> parts = new ArrayList<>(records.values());
    parts.sort(Comparator.comparingInt(BlobRecord::part));
    BlobRecord first = parts.get(0);
    List<PageRange> ranges = new ArrayList<>();
    long pages = 0;
    for (int i = 0; i < parts.size(); i++) {
      BlobRecord part = parts.get(i);
      if (part.part() != i || part.parts() != parts.size() || part.length() != first.length()) {
        return Optional.empty();
      }
      if (part.pages() > 0) {
        Optional<PageRange> range = arenas.rangeOf(part);
        if (range.isEmpty()) {
          return Optional.empty();
        }
        ranges.add(range.get());
        pages += part.pages();
      }
    }
    return pages == PageRange.pagesFor(first.length())
        ? Optional.of(new StoredBlob(first.length(), ranges, pool, List.copyOf(records.keySet())))
        : Optional.empty();
  }

  private Set<Digest> overlapping() {
    record Piece(PageRange range, Digest blob) {}
    List<Piece> pieces = new ArrayList<>();
    blobs.forEach(
        (name, blob) -> blob.ranges().forEach(range -> pieces.add(new Piece(range, name))));
    pieces.sort(Comparator.comparingLong(piece -> piece.range().first()));
    Set<Digest> overlapping = new HashSet<>();
    Piece farthest = null;
    for (Piece piece : pieces) {
      if (farthest != null && farthest.range().end() > piece.range().first()) {
        overlapping.add(farthest.blob());
        overlapping.add(piece.blob());
      }
      if (farthest == null || piece.range().end() > farthest.range().end()) {
        farthest = piece;
      }
    }
    return overlapping;
  }
}
