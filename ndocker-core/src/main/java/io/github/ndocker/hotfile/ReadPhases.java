package io.github.ndocker.hotfile;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.CountedRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * In which phase of a start the pages of its large files were read: those that are in memory when a
 * phase has ended and were not when the one before had. For one thread.
 */
final class ReadPhases {
  /** By path and phase: the pages that were in memory at its end. */
  private final Map<String, SortedMap<Integer, BitSet>> seen = new HashMap<>();

  private int current;

  boolean hasEnded(int now) {
    return now > current;
  }

  /** At the end of the current phase, of which nothing was read since. */
  void read(String path, BitSet pages) {
    seen.computeIfAbsent(path, file -> new TreeMap<>()).put(current, pages);
  }

  void end(int now) {
    current = now;
  }

  /**
   * All pages that were read of a file.
   *
   * @param pages those that were read by the end
   * @param size of the file, in bytes
   * @param opened the phase in which it was opened
   */
  List<CountedRange> ranges(String path, BitSet pages, long size, int opened) {
    SortedMap<Integer, BitSet> phases = seen.getOrDefault(path, new TreeMap<>());
    List<CountedRange> ranges = new ArrayList<>();
    BitSet left = (BitSet) pages.clone();
    for (Map.Entry<Integer, BitSet> phase : phases.entrySet()) {
      BitSet first = (BitSet) phase.getValue().clone();
      first.and(left);
      left.andNot(first);
      add(first, size, phase.getKey(), ranges);
    }
    // nobody has looked since: at a small file never
    add(left, size, phases.isEmpty() ? opened : current, ranges);
    ranges.sort(Comparator.comparingLong(CountedRange::offset));
    return ranges;
  }

  private static void add(BitSet pages, long size, int phase, List<CountedRange> ranges) {
    for (ByteRange range : ColdStartTrace.ranges(pages, size)) {
      ranges.add(new CountedRange(range.offset(), range.length(), 1, phase));
    }
  }
}
