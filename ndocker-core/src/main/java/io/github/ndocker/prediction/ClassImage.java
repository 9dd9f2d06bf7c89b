package io.github.ndocker.prediction;

import io.github.ndocker.api.ByteRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The image of classes of a Java run-time ({@code lib/modules}, JEP 220). */
final class ClassImage {
  private static final int MAGIC = 0xcafedada;
  private static final int HEADER = 28;

  private ClassImage() {}

  /** Its tables are read by every start; of its classes those that the shared archive lacks. */
  static Candidate candidate(Located file, Certainty certainty, ImageView view) throws IOException {
    long size = file.node().size();
    byte[] head = view.read(file, 0, HEADER);
    if (head.length < HEADER) {
      return Candidate.whole(file, certainty);
    }
    ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
    long tables = size;
    if (header.getInt(0) == MAGIC) {
      long entries = Integer.toUnsignedLong(header.getInt(16));
      // redirections and offsets, four bytes each, then locations and names
      tables =
          HEADER
              + 8 * entries
              + Integer.toUnsignedLong(header.getInt(20))
              + Integer.toUnsignedLong(header.getInt(24));
    }
    long first = Math.min(tables, size);
    List<ByteRange> rest = first == size ? List.of() : List.of(new ByteRange(first, size - first));
    return first == 0
        ? new Candidate(file, certainty, List.of(), rest)
        : new Candidate(file, certainty, List.of(new ByteRange(0, first)), rest);
  }
}
