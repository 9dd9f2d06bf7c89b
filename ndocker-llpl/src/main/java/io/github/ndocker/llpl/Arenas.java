package io.github.ndocker.llpl;

import io.github.ndocker.api.Digest;
import io.github.ndocker.spi.BlobTier.Extent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The arenas of all pools of a tier, under one numbering of pages. Never changes. */
final class Arenas {
  private final NavigableMap<Long, Place> places = new TreeMap<>();

  /** An arena, and the number of its first page. */
  private record Place(Pool pool, Arena arena, long first) {
    PageRange range() {
      return new PageRange(first, arena.pages());
    }

    long position(long page) {
      return (page - first) * PageRange.PAGE;
    }

    long filePage(long page) {
      return page - first + arena.firstFilePage();
    }
  }

  Arenas(List<Pool> pools) {
    long next = 0;
    for (Pool pool : pools) {
      for (Arena arena : pool.arenas()) {
        places.put(next, new Place(pool, arena, next));
        // a page that is nowhere, so that ranges of two arenas never touch
        next += arena.pages() + 1;
      }
    }
  }

  /** All pages. */
  List<PageRange> ranges() {
    return places.values().stream().map(Place::range).toList();
  }

  /** The pages of one pool. */
  List<PageRange> rangesOf(Pool pool) {
    return places.values().stream()
        .filter(place -> place.pool() == pool)
        .map(Place::range)
        .toList();
  }

  /** The pools that these pages are in. */
  Set<Pool> poolsOf(Collection<PageRange> ranges) {
    Set<Pool> pools = new HashSet<>();
    ranges.forEach(range -> pools.add(at(range.first()).pool()));
    return pools;
  }

  /** Copies bytes in, so many bytes after the begin of a range. */
  void put(PageRange range, long position, ByteBuffer source, int length) {
    Objects.checkFromIndexSize(position, length, range.bytes());
    Place place = at(range.first());
    place.arena().put(place.position(range.first()) + position, source, length);
  }

  /** Copies bytes out. */
  void get(PageRange range, long position, ByteBuffer destination, int length) {
    Objects.checkFromIndexSize(position, length, range.bytes());
    Place place = at(range.first());
    place.arena().get(place.position(range.first()) + position, destination, length);
  }

  /** Writes bytes out of the caches of the CPU. */
  void flush(PageRange range, long position, long length) {
    Objects.checkFromIndexSize(position, length, range.bytes());
    Place place = at(range.first());
    place.arena().flush(place.position(range.first()) + position, length);
  }

  /** Where the first bytes of a range lie in a file. */
  Extent locate(PageRange range, long length) {
    Place place = at(range.first());
    return new Extent(place.pool().path(), place.filePage(range.first()) * PageRange.PAGE, length);
  }

  /** The records of a blob that lies in these ranges. */
  List<BlobRecord> recordsOf(Digest name, long length, List<PageRange> ranges, Pool home) {
    List<BlobRecord> records = new ArrayList<>();
    for (PageRange range : ranges) {
      Place place = at(range.first());
      records.add(
          new BlobRecord(
              name,
              length,
              records.size(),
              ranges.size(),
              place.pool().id(),
              place.filePage(range.first()),
              (int) range.pages()));
    }
    if (records.isEmpty()) {
      records.add(new BlobRecord(name, length, 0, 1, home.id(), 0, 0));
    }
    return records;
  }

  /** The pages of a record, or nothing if no arena has them all. */
  Optional<PageRange> rangeOf(BlobRecord record) {
    for (Place place : places.values()) {
      long skipped = record.firstPage() - place.arena().firstFilePage();
      if (place.pool().id() == record.pool()
          && skipped >= 0
          && skipped + record.pages() <= place.arena().pages()) {
        return Optional.of(new PageRange(place.first() + skipped, record.pages()));
      }
    }
    return Optional.empty();
  }

  private Place at(long page) {
    var place = places.floorEntry(page);
    if (place == null) {
      throw new IllegalArgumentException("page " + page);
    }
    return place.getValue();
  }
}
