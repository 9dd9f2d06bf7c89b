package io.github.ndocker.evaluation.prediction;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.HotFile;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Pages of files, for comparing what was read with what was predicted. For one thread. */
final class PageRanges {
  static final int PAGE = 4096;

  /** A slow disk of the evaluation: seconds per read, bytes per second. */
  private static final double READ_SECONDS = 1 / 150.0;

  private static final double BYTES_PER_SECOND = 120e6;

  private final Map<String, BitSet> pages = new HashMap<>();

  static PageRanges of(Collection<HotFile> files) {
    PageRanges ranges = new PageRanges();
    for (HotFile file : files) {
      BitSet set = ranges.pages.computeIfAbsent(file.path(), path -> new BitSet());
      for (ByteRange range : file.ranges()) {
        set.set((int) (range.offset() / PAGE), (int) ((range.end() + PAGE - 1) / PAGE));
      }
    }
    return ranges;
  }

  /** What is here and not there. */
  PageRanges minus(PageRanges others) {
    PageRanges rest = new PageRanges();
    pages.forEach(
        (path, set) -> {
          BitSet copy = (BitSet) set.clone();
          copy.andNot(others.pages.getOrDefault(path, new BitSet()));
          rest.pages.put(path, copy);
        });
    return rest;
  }

  /**
   * The same in larger units.
   *
   * @param unitBytes a multiple of a page
   * @param wholeBytes files of at most so many bytes are taken whole
   * @param sizes of the files; others stay as they are
   */
  PageRanges widened(long unitBytes, long wholeBytes, Map<String, Long> sizes) {
    PageRanges wide = new PageRanges();
    pages.forEach(
        (path, set) -> {
          BitSet copy = (BitSet) set.clone();
          Long size = sizes.get(path);
          if (size != null) {
            int end = (int) ((size + PAGE - 1) / PAGE);
            int unit = size <= wholeBytes ? end : (int) (unitBytes / PAGE);
            for (int page = set.nextSetBit(0); page >= 0; page = set.nextSetBit(page + 1)) {
              int begin = page / unit * unit;
              copy.set(begin, Math.min(begin + unit, end));
            }
          }
          wide.pages.put(path, copy);
        });
    return wide;
  }

  long bytes() {
    return pages.values().stream().mapToLong(set -> (long) set.cardinality() * PAGE).sum();
  }

  /** Contiguous stretches of one file. */
  int runs() {
    return pages.values().stream().mapToInt(PageRanges::runs).sum();
  }

  /** What the slow medium takes for them: one read for each run. */
  double seconds() {
    return runs() * READ_SECONDS + bytes() / BYTES_PER_SECOND;
  }

  /** The files that cost most, a line each. */
  String worst(int count) {
    StringBuilder lines = new StringBuilder();
    pages.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .sorted((a, b) -> Double.compare(seconds(b.getValue()), seconds(a.getValue())))
        .limit(count)
        .forEach(
            entry ->
                lines.append(
                    String.format(
                        Locale.ROOT,
                        "%8.3f s %5d runs %9d bytes %s%n",
                        seconds(entry.getValue()),
                        runs(entry.getValue()),
                        (long) entry.getValue().cardinality() * PAGE,
                        entry.getKey())));
    return lines.toString();
  }

  private static double seconds(BitSet set) {
    return runs(set) * READ_SECONDS + (double) set.cardinality() * PAGE / BYTES_PER_SECOND;
  }

  private static int runs(BitSet set) {
    int runs = 0;
    for (int page = set.nextSetBit(0); page >= 0; page = set.nextSetBit(set.nextClearBit(page))) {
      runs++;
    }
    return runs;
  }
}
