package io.github.ndocker.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file in a profile: which of its bytes were read, and by how many runs. Immutable.
 *
 * @param path absolute path in the image's root file system, without symbolic links
 * @param origin where its bytes come from; empty if that is not known
 * @param runs the number of runs that opened it, at least 1
 * @param ranges the bytes that were read, ascending and not overlapping, and touching only where
 *     the number of runs or the phase changes; none if the file was opened but not read
 */
public record ProfiledFile(
    String path, Optional<FileOrigin> origin, int runs, List<CountedRange> ranges) {
  /**
   * Checks path, counts and ranges.
   *
   * @throws IllegalArgumentException if the path is not absolute, the ranges are not ascending and
   *     apart, one ends past the file's size, or more runs read one than opened the file
   */
  public ProfiledFile {
    Objects.requireNonNull(path, "path");
    ranges = List.copyOf(ranges);
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("not an absolute path: " + path);
    }
    if (runs < 1) {
      throw new IllegalArgumentException(path + " was opened by " + runs + " runs");
    }
    long end = 0;
    @Nullable CountedRange before = null;
    for (CountedRange range : ranges) {
      if (range.offset() < end || (before != null && range.continues(before))) {
        throw new IllegalArgumentException(
            "byte ranges of " + path + " are not ascending and apart");
      }
      if (range.runs() > runs) {
        throw new IllegalArgumentException(
            range.runs() + " runs read a range of " + path + ", which " + runs + " opened");
      }
      end = range.end();
      before = range;
    }
    if (origin.isPresent() && end > origin.get().size()) {
      throw new IllegalArgumentException(
          "a range of " + path + " ends at byte " + end + ", the file at " + origin.get().size());
    }
  }

  /**
   * A file as one run read it.
   *
   * @param file path and ranges
   * @param origin where its bytes come from; empty if that is not known
   * @return the file with a count of 1
   */
  public static ProfiledFile ofOneRun(HotFile file, Optional<FileOrigin> origin) {
    return new ProfiledFile(
        file.path(),
        origin,
        1,
        file.ranges().stream()
            .map(range -> new CountedRange(range.offset(), range.length(), 1))
            .toList());
  }

  /**
   * The bytes that at least so many runs read.
   *
   * @param minRuns the number of runs
   * @return path and ranges, those that touch joined; perhaps none
   */
  public HotFile readBy(int minRuns) {
    return of(ranges.stream().filter(range -> range.runs() >= minRuns).toList());
  }

  /** Its parts by the phases in which they were first read, by whichever run. */
  SortedMap<Integer, HotFile> byPhase() {
    SortedMap<Integer, List<CountedRange>> phases = new TreeMap<>();
    for (CountedRange range : ranges) {
      phases.computeIfAbsent(range.phase(), phase -> new ArrayList<>()).add(range);
    }
    SortedMap<Integer, HotFile> parts = new TreeMap<>();
    phases.forEach((phase, read) -> parts.put(phase, of(read)));
    return parts;
  }

  private HotFile of(List<CountedRange> read) {
    List<ByteRange> hot = new ArrayList<>();
    for (CountedRange range : read) {
      int last = hot.size() - 1;
      if (last >= 0 && hot.get(last).end() == range.offset()) {
        long begin = hot.get(last).offset();
        hot.set(last, new ByteRange(begin, range.end() - begin));
      } else {
        hot.add(new ByteRange(range.offset(), range.length()));
      }
    }
    return new HotFile(path, hot);
  }

  /** The same, with everything read so many phases later, in the last one at most. */
  ProfiledFile later(int phases) {
    List<CountedRange> later =
        ranges.stream()
            .map(
                range ->
                    new CountedRange(
                        range.offset(),
                        range.length(),
                        range.runs(),
                        Math.min(range.phase() + phases, CountedRange.MAX_PHASE)))
            .toList();
    // those that are in the last phase by now may have become one
    return new ProfiledFile(path, origin, runs, RangeCounts.add(later, List.of(), Math::min));
  }

  /** The same without the ranges that fewer runs read. */
  ProfiledFile onlyReadBy(int minRuns) {
    return new ProfiledFile(
        path, origin, runs, ranges.stream().filter(range -> range.runs() >= minRuns).toList());
  }

  /**
   * How much of the file was read, by whichever run.
   *
   * @return the sum of the ranges' lengths, in bytes
   */
  public long bytes() {
    return ranges.stream().mapToLong(CountedRange::length).sum();
  }
}
