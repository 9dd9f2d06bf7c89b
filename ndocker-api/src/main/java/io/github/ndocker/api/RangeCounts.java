package io.github.ndocker.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntBinaryOperator;

/** Adds the counts of two lists of ranges of one file, byte by byte. */
final class RangeCounts {
  private final List<CountedRange> sum = new ArrayList<>();

  private final IntBinaryOperator phaseOfBoth;

  private RangeCounts(IntBinaryOperator phaseOfBoth) {
    this.phaseOfBoth = phaseOfBoth;
  }

  /**
   * Both lists ascend and do not overlap; the result neither, and touches only where it changes.
   *
   * @param phaseOfBoth the phase of what is in both, from those it has in either
   */
  static List<CountedRange> add(
      List<CountedRange> one, List<CountedRange> other, IntBinaryOperator phaseOfBoth) {
    RangeCounts counts = new RangeCounts(phaseOfBoth);
    int i = 0;
    int j = 0;
    long at = 0;
    while (i < one.size() || j < other.size()) {
      long end = Math.min(next(one, i, at), next(other, j, at));
      counts.append(at, end, at(one, i, at), at(other, j, at));
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

  private static Optional<CountedRange> at(List<CountedRange> ranges, int index, long at) {
    return index < ranges.size() && at >= ranges.get(index).offset()
        ? Optional.of(ranges.get(index))
        : Optional.empty();
  }

  private void append(
      long from, long to, Optional<CountedRange> one, Optional<CountedRange> other) {
    if (from == to || (one.isEmpty() && other.isEmpty())) {
      return;
    }
    int runs =
        ProfileMerge.sum(
            one.map(CountedRange::runs).orElse(0), other.map(CountedRange::runs).orElse(0));
    int phase =
        one.isPresent() && other.isPresent()
            ? phaseOfBoth.applyAsInt(one.get().phase(), other.get().phase())
            : one.or(() -> other).orElseThrow().phase();
    CountedRange range = new CountedRange(from, to - from, runs, phase);
    int last = sum.size() - 1;
    if (last >= 0 && range.continues(sum.get(last))) {
      long begin = sum.get(last).offset();
      sum.set(last, new CountedRange(begin, to - begin, runs, phase));
    } else {
      sum.add(range);
    }
  }
}
