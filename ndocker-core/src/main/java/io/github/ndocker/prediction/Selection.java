package io.github.ndocker.prediction;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.HotFile;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * What of the candidates fits into a budget of bytes.
 *
 * <p>On a slow medium a read costs as much as hundreds of kilobytes, and every file and every part
 * that is missed costs at least one: so what is surest goes first, and of that, what is smallest.
 */
final class Selection {
  private static final int PAGE = 4096;
  private static final long SMALL = 256 << 10;

  private final IdentityHashMap<Candidate, List<ByteRange>> chosen = new IdentityHashMap<>();
  private final Set<Candidate> running = Collections.newSetFromMap(new IdentityHashMap<>());
  private long left;

  private Selection(long budget) {
    this.left = budget;
  }

  /** Chooses; the files come in the order of the candidates. */
  static List<HotFile> choose(List<Candidate> candidates, long budget) {
    Selection selection = new Selection(budget);
    List<Candidate> bySize = new ArrayList<>(candidates);
    bySize.sort(Comparator.comparingLong(one -> Candidate.bytes(one.first())));
    for (Candidate candidate : bySize) {
      if (candidate.certainty() != Certainty.POSSIBLE) {
        selection.take(candidate, candidate.first());
      }
    }
    selection.takeCode(bySize, Certainty.LIKELY, Candidate.Stride.CODE);
    // small files cost little, and each spares a whole read
    long most = selection.left / 3;
    for (Candidate candidate : bySize) {
      long bytes = Candidate.bytes(candidate.first());
      if (candidate.certainty() == Certainty.POSSIBLE && bytes <= SMALL && most > bytes) {
        most -= bytes + PAGE;
        selection.take(candidate, candidate.first());
      }
    }
    selection.takeCode(bySize, Certainty.LIKELY, Candidate.Stride.ARCHIVE);
    for (Candidate candidate : bySize) {
      if (!selection.chosen.containsKey(candidate)) {
        selection.take(candidate, candidate.first());
      }
    }
    selection.takeCode(bySize, Certainty.POSSIBLE, Candidate.Stride.ARCHIVE);
    for (Candidate candidate : bySize) {
      if (candidate.certainty() != Certainty.POSSIBLE) {
        selection.take(candidate, candidate.sparse());
      }
    }
    List<HotFile> files = new ArrayList<>();
    for (Candidate candidate : candidates) {
      List<ByteRange> ranges = selection.chosen.getOrDefault(candidate, List.of());
      if (!ranges.isEmpty()) {
        files.add(new HotFile(candidate.file().path(), merged(ranges)));
      }
    }
    return files;
  }

  /** Takes the code of what is as sure as that, or surer, if it was not taken before. */
  private void takeCode(List<Candidate> candidates, Certainty least, Candidate.Stride stride) {
    for (Certainty certainty : Certainty.values()) {
      candidates.stream()
          .filter(one -> one.certainty() == certainty && certainty.compareTo(least) <= 0)
          .filter(one -> one.stride().compareTo(stride) <= 0)
          .filter(one -> !running.contains(one))
          .sorted(Comparator.comparingLong(one -> Candidate.bytes(one.rest())))
          .forEach(
              one -> {
                running.add(one);
                take(one, one.rest());
              });
    }
  }

  /** Takes ranges as far as they fit, the last one in part. */
  private void take(Candidate candidate, List<ByteRange> ranges) {
    for (ByteRange range : ranges) {
      long whole = range.length() + 2 * PAGE;
      long length = whole <= left ? range.length() : (left - 2 * PAGE) / PAGE * PAGE;
      if (length <= 0) {
        return;
      }
      chosen
          .computeIfAbsent(candidate, one -> new ArrayList<>())
          .add(new ByteRange(range.offset(), length));
      left -= roundUp(range.offset() + length) - range.offset() / PAGE * PAGE;
    }
  }

  private static long roundUp(long value) {
    return (value + PAGE - 1) / PAGE * PAGE;
  }

  /** Ascending and apart. */
  static List<ByteRange> merged(List<ByteRange> ranges) {
    List<ByteRange> sorted = new ArrayList<>(ranges);
    sorted.sort(Comparator.comparingLong(ByteRange::offset));
    List<ByteRange> merged = new ArrayList<>();
    for (ByteRange range : sorted) {
      int last = merged.size() - 1;
      if (last >= 0 && merged.get(last).end() >= range.offset()) {
        ByteRange before = merged.get(last);
        long end = Math.max(before.end(), range.end());
        merged.set(last, new ByteRange(before.offset(), end - before.offset()));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
