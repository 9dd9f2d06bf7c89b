package io.github.ndocker.llpl;

import io.github.ndocker.api.TierFullException;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Which pages of a tier are free, in memory only: what is taken follows from the directories of the
 * pools when a tier is opened, so a blob that is being written leaves nothing behind when the
 * process dies. Never gives out more than the budget. Thread-safe.
 */
final class FreePages {
  private final String tier;
  private final long capacityBytes;
  // how many pages by the first one; neighbours are always joined
  private final NavigableMap<Long, Long> free = new TreeMap<>();
  // where blobs end that are being written and may become larger
  private final Set<Long> growing = new HashSet<>();
  // nothing of these is given out any more; none goes on from one into another
  private final Set<PageRange> withdrawn = new HashSet<>();
  private long available;
  private long used;

  /**
   * Begins with all pages free.
   *
   * @param tier its name for a person
   * @param capacityBytes the budget, not more than the pages have
   * @param arenas all pages
   */
  FreePages(String tier, long capacityBytes, Collection<PageRange> arenas) {
    this.tier = tier;
    this.capacityBytes = capacityBytes;
    arenas.forEach(this::put);
  }

  /** Takes the pages of a committed blob, which have to be free. */
  synchronized void claim(Collection<PageRange> ranges) {
    ranges.forEach(this::take);
  }

  /**
   * Takes pages for a blob of known size: one range if there is one, else several.
   *
   * @param ranges receives them
   * @param bytes how much is to fit in
   * @throws TierFullException if the budget has not so many left; nothing is taken then
   */
  synchronized void allocate(List<PageRange> ranges, long bytes) throws TierFullException {
    long missing = withinBudget(bytes);
    while (missing > 0) {
      PageRange found = smallestWith(missing).orElseGet(this::largest);
      long pages = Math.min(missing, found.pages());
      // at the far end if another blob may want to grow into the near one
      PageRange taken =
          growing.contains(found.first()) ? found.tail(found.pages() - pages) : found.head(pages);
      take(taken);
      ranges.add(taken);
      missing -= pages;
    }
  }

  /**
   * Takes more pages for a blob that is larger than was known: in place as long as what follows is
   * free, else where there is most room. What is written never moves.
   *
   * @param ranges the pages of the blob; the last one grows
   * @param bytes how much more is to fit in
   * @throws TierFullException if the budget has not so many left; nothing is taken then
   */
  synchronized void grow(List<PageRange> ranges, long bytes) throws TierFullException {
    long missing = withinBudget(bytes);
    forgetEnd(ranges);
    while (missing > 0) {
      PageRange found = following(ranges).orElseGet(this::roomiest);
      PageRange taken = found.head(Math.min(missing, found.pages()));
      take(taken);
      append(ranges, taken);
      missing -= taken.pages();
    }
    if (!ranges.isEmpty()) {
      growing.add(last(ranges).end());
    }
  }

  /**
   * Gives back all but the first pages of a blob, which does not grow any more.
   *
   * @param ranges the pages of the blob; become those that are kept
   * @param pages how many are kept
   */
  synchronized void trim(List<PageRange> ranges, long pages) {
    forgetEnd(ranges);
    long kept = pages;
    for (int i = 0; i < ranges.size(); i++) {
      PageRange range = ranges.get(i);
      long keep = Math.min(kept, range.pages());
      give(range.tail(keep));
      ranges.set(i, range.head(keep));
      kept -= keep;
    }
    ranges.removeIf(range -> range.pages() == 0);
  }

  /** Gives out nothing of these arenas any more, nor what becomes free in them later. */
  synchronized void withdraw(Collection<PageRange> arenas) {
    for (PageRange arena : arenas) {
      withdrawn.add(arena);
      for (PageRange range : ranges()) {
        if (contains(arena, range)) {
          remove(range);
        }
      }
    }
  }

  private static boolean contains(PageRange arena, PageRange range) {
    return arena.first() <= range.first() && range.end() <= arena.end();
  }

  /** Frees the pages of a committed blob. */
  synchronized void free(Collection<PageRange> ranges) {
    ranges.forEach(this::give);
  }

  synchronized long usedBytes() {
    return used * PageRange.PAGE;
  }

  long capacityBytes() {
    return capacityBytes;
  }

  /** The tier is full: so many bytes are needed. */
  TierFullException full(long neededBytes) {
    return new TierFullException(tier, neededBytes, freePages() * PageRange.PAGE);
  }

  private long withinBudget(long bytes) throws TierFullException {
    long pages = PageRange.pagesFor(bytes);
    if (pages > freePages()) {
      throw full(bytes);
    }
    return pages;
  }

  private synchronized long freePages() {
    return Math.min(available, Math.max(0, (capacityBytes - usedBytes()) / PageRange.PAGE));
  }

  private Optional<PageRange> smallestWith(long pages) {
    PageRange best = null;
    for (PageRange range : ranges()) {
      if (range.pages() >= pages && (best == null || suitsBetter(range, best))) {
        best = range;
      }
    }
    return Optional.ofNullable(best);
  }

  private boolean suitsBetter(PageRange range, PageRange than) {
    boolean wanted = growing.contains(range.first());
    boolean otherWanted = growing.contains(than.first());
    return wanted == otherWanted ? range.pages() < than.pages() : otherWanted;
  }

  private PageRange largest() {
    return ranges().stream()
        .max((one, other) -> Long.compare(one.pages(), other.pages()))
        .orElseThrow(() -> new IllegalStateException(tier + " has a budget beyond its pages"));
  }

  /** Where most pages are free that no other blob grows into; such a blob is left half of them. */
  private PageRange roomiest() {
    PageRange best = null;
    for (PageRange range : ranges()) {
      PageRange room = growing.contains(range.first()) ? range.tail(range.pages() / 2) : range;
      if (best == null || room.pages() > best.pages()) {
        best = room;
      }
    }
    return best == null ? largest() : best;
  }

  private Optional<PageRange> following(List<PageRange> ranges) {
    if (ranges.isEmpty()) {
      return Optional.empty();
    }
    long end = last(ranges).end();
    return Optional.ofNullable(free.get(end)).map(pages -> new PageRange(end, pages));
  }

  private List<PageRange> ranges() {
    return free.entrySet().stream()
        .map(entry -> new PageRange(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static PageRange last(List<PageRange> ranges) {
    return ranges.get(ranges.size() - 1);
  }

  private void forgetEnd(List<PageRange> ranges) {
    if (!ranges.isEmpty()) {
      growing.remove(last(ranges).end());
    }
  }

  private static void append(List<PageRange> ranges, PageRange taken) {
    if (!ranges.isEmpty() && last(ranges).end() == taken.first()) {
      PageRange grown = last(ranges);
      ranges.set(ranges.size() - 1, new PageRange(grown.first(), grown.pages() + taken.pages()));
    } else {
      ranges.add(taken);
    }
  }

  private void take(PageRange taken) {
    if (taken.pages() == 0) {
      return;
    }
    var around = free.floorEntry(taken.first());
    if (around == null || around.getKey() + around.getValue() < taken.end()) {
      throw new IllegalStateException(taken + " is not free on " + tier);
    }
    PageRange whole = new PageRange(around.getKey(), around.getValue());
    remove(whole);
    put(whole.head(taken.first() - whole.first()));
    put(whole.tail(taken.end() - whole.first()));
    used += taken.pages();
  }

  private void give(PageRange range) {
    if (range.pages() == 0) {
      return;
    }
    used -= range.pages();
    if (withdrawn.stream().anyMatch(arena -> contains(arena, range))) {
      return;
    }
    PageRange joined = range;
    var before = free.lowerEntry(range.first());
    if (before != null && before.getKey() + before.getValue() == range.first()) {
      PageRange left = new PageRange(before.getKey(), before.getValue());
      remove(left);
      joined = new PageRange(left.first(), left.pages() + range.pages());
    }
    Long after = free.get(range.end());
    if (after != null) {
      remove(new PageRange(range.end(), after));
      joined = new PageRange(joined.first(), joined.pages() + after);
    }
    put(joined);
  }

  private void remove(PageRange range) {
    free.remove(range.first());
    available -= range.pages();
  }

  private void put(PageRange range) {
    if (range.pages() > 0) {
      free.put(range.first(), range.pages());
      available += range.pages();
    }
  }
}
