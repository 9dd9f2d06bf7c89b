package io.github.ndocker.prediction;

import io.github.ndocker.api.ByteRange;
import java.util.List;

/**
 * A file that a cold start may read. Immutable.
 *
 * @param file which
 * @param certainty how sure that is
 * @param first the part that is read in any case, if it is read at all; ascending and apart
 * @param rest what else may be read of it; ascending and apart, overlapping nothing of the first
 */
record Candidate(Located file, Certainty certainty, List<ByteRange> first, List<ByteRange> rest) {
  Candidate {
    first = List.copyOf(first);
    rest = List.copyOf(rest);
  }

  /** All of a file. */
  static Candidate whole(Located file, Certainty certainty) {
    long size = file.node().size();
    return new Candidate(
        file, certainty, size == 0 ? List.of() : List.of(new ByteRange(0, size)), List.of());
  }

  Candidate with(Certainty better) {
    return new Candidate(file, better, first, rest);
  }

  static long bytes(List<ByteRange> ranges) {
    return ranges.stream().mapToLong(ByteRange::length).sum();
  }
}
