package io.github.ndocker.api;

import java.util.ArrayList;
import java.util.List;

/** Adds the counts of two lists of ranges of one file, byte by byte. */
final class RangeCounts {
  private final List<CountedRange> sum = new ArrayList<>();

  private RangeCounts() {}

  /**
   * Both lists ascend and do not overlap; the result neither, and touches only where it changes.
   */
  static List<CountedRange> add(List<CountedRange> one, List<CountedRange> other) {
    RangeCounts counts = new RangeCounts();
    int i = 0;
    int j = 0;
    long at = 0;
    while (i < one.size() || j < other.size()) {
      long end = Math.min(next(one, i, at), next(other, j, at));
      int runs = ProfileMerge.sum(runs(one, i, at), runs(other, j, at));
      counts.append(at, end, runs);
      at = end;
      i += i < one.size() && one.get(i).end() == at ? 1 : 0;
      j += j < other.size() && other.get(j).end() == at ? 1 : 0;
    }
    return counts.sum;
  }

  /** Where the count changes next. */
  private static long next(List<CountedRange> ranges, int index, long at) {
    if (index == ranges.size()) {
      return Long.MAX_VALUE;
    }
    CountedRange range = ranges.get(index);
    return at < range.offset() ? range.offset() : range.end();
  }

  private static int runs(List<CountedRange> ranges, int index, long at) {
    return index < ranges.size() && at >= ranges.get(index).offset() ? ranges.get(index).runs() : 0;
  }

  private void append(long from, long to, int runs) {
    if (runs == 0 || from == to) {
      return;
    }
    int last = sum.size() - 1;
    if (last >= 0 && sum.get(last).end() == from && sum.get(last).runs() == runs) {
      long begin = sum.get(last).offset();
      sum.set(last, new CountedRange(begin, to - begin, runs));
    } else {
      sum.add(new CountedRange(from, to - from, runs));
    }
  }
}
