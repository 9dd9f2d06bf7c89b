package io.github.ndocker.prediction;

import io.github.ndocker.api.ByteRange;
import java.util.List;

/**
 * A file that a cold start may read. Immutable. No two ranges overlap.
 *
 * @param file which
 * @param certainty how sure that is
 * @param first the part that is read in any case, if it is read at all
 * @param rest what else is likely to be read of it, what is most likely first
 * @param stride how densely the rest is read
 * @param sparse large parts of which a start reads a page here and there
 */
record Candidate(
    Located file,
    Certainty certainty,
    List<ByteRange> first,
    List<ByteRange> rest,
    Stride stride,
    List<ByteRange> sparse) {
  /** How densely a file is read beyond its beginning, as traces of many starts have it. */
  enum Stride {
    /** Machine code: a read in 75 KB. */
    CODE,
    /** Archives of classes: one in 150 KB. */
    ARCHIVE
  }

  Candidate {
    first = List.copyOf(first);
    rest = List.copyOf(rest);
    sparse = List.copyOf(sparse);
  }

  /** All of a file. */
  static Candidate whole(Located file, Certainty certainty) {
    long size = file.node().size();
    List<ByteRange> all = size == 0 ? List.of() : List.of(new ByteRange(0, size));
    return new Candidate(file, certainty, all, List.of(), Stride.CODE, List.of());
  }

  Candidate with(Certainty better) {
    return new Candidate(file, better, first, rest, stride, sparse);
  }

  static long bytes(List<ByteRange> ranges) {
    return ranges.stream().mapToLong(ByteRange::length).sum();
  }
}
