package io.github.ndocker.layer;

import java.util.ArrayList;
import java.util.List;

/**
 * Divides a sparse file into chunks of one size, a power of two: each is a hole, or lies in the tar
 * as a whole, or has to be copied. Small chunks cost indexes, large ones copies.
 */
final class SparseLayout {
  private static final int SMALLEST_BITS = 12;

  /** EROFS can have no larger ones. */
  private static final int LARGEST_BITS = 40;

  private static final int INDEX_BYTES = 8;

  private final int chunkBits;
  private final long size;
  private final long dataOffset;
  private final List<FilePart> parts = new ArrayList<>();
  private long laidOut;
  private long copied;

  private SparseLayout(int chunkBits, long size, long dataOffset) {
    this.chunkBits = chunkBits;
    this.size = size;
    this.dataOffset = dataOffset;
  }

  /**
   * A stretch of the tar of which there has to be a copy.
   *
   * @param tarOffset its first byte in the tar
   * @param length bytes
   * @param copyOffset where it goes in the copies
   */
  record Span(long tarOffset, long length, long copyOffset) {}

  /**
   * The layout that costs least.
   *
   * @param size bytes of the file, at least 1
   * @param extents its data, checked
   * @param dataOffset where the first of them begins in the tar
   */
  static SparseLayout cheapest(long size, List<SparseMap.Extent> extents, long dataOffset) {
    SparseLayout best = of(SMALLEST_BITS, size, extents, dataOffset);
    for (int bits = SMALLEST_BITS + 1; bits <= LARGEST_BITS; bits++) {
      SparseLayout next = of(bits, size, extents, dataOffset);
      best = next.cost() < best.cost() ? next : best;
    }
    return best;
  }

  private static SparseLayout of(
      int bits, long size, List<SparseMap.Extent> extents, long dataOffset) {
    SparseLayout layout = new SparseLayout(bits, size, dataOffset);
    extents.forEach(layout::add);
    layout.put(FilePart.Source.HOLE, layout.laidOut, layout.chunkAfter(size), 0);
    return layout;
  }

  private void add(SparseMap.Extent extent) {
    long tarOffset = dataOffset + extent.before();
    long first = extent.offset() >> chunkBits;
    long after = chunkAfter(extent.end());
    long firstWhole = chunkAfter(extent.offset());
    long afterWhole = extent.end() == size ? after : extent.end() >> chunkBits;
    put(FilePart.Source.HOLE, laidOut, first, 0);
    if (firstWhole >= afterWhole || (tarOffset - extent.offset()) % TarHeader.BLOCK != 0) {
      copy(first, after);
    } else {
      copy(first, firstWhole);
      long from = tarOffset + (firstWhole << chunkBits) - extent.offset();
      put(FilePart.Source.TAR, firstWhole, afterWhole, from);
      copy(afterWhole, after);
    }
  }

  /** The first of two stretches may have had the chunk copied in which the second one begins. */
  private void copy(long from, long to) {
    long rest = Math.max(from, laidOut);
    if (rest < to) {
      put(FilePart.Source.COPIES, rest, to, copied);
      copied += parts.get(parts.size() - 1).length();
    }
  }

  private void put(FilePart.Source source, long from, long to, long offset) {
    if (from >= to) {
      return;
    }
    long begin = from << chunkBits;
    parts.add(new FilePart(begin, Math.min(to << chunkBits, size) - begin, source, offset));
    laidOut = to;
  }

  private long chunkAfter(long position) {
    return ((position - 1) >> chunkBits) + 1;
  }

  /** Bytes of copies and of indexes of chunks. */
  long cost() {
    return copied + INDEX_BYTES * chunkAfter(size);
  }

  /** Bytes of all copies. */
  long copiedBytes() {
    return copied;
  }

  /** The file from its first byte to its last one. */
  List<FilePart> parts() {
    return parts;
  }

  /** What to copy, ascending in the tar. */
  List<Span> spans(List<SparseMap.Extent> extents) {
    List<Span> spans = new ArrayList<>();
    int at = 0;
    for (SparseMap.Extent extent : extents) {
      while (parts.get(at).end() <= extent.offset()) {
        at++;
      }
      for (int i = at; i < parts.size() && parts.get(i).fileOffset() < extent.end(); i++) {
        FilePart part = parts.get(i);
        if (part.source() == FilePart.Source.COPIES) {
          long from = Math.max(part.fileOffset(), extent.offset());
          long to = Math.min(part.end(), extent.end());
          long tarOffset = dataOffset + extent.before() + from - extent.offset();
          spans.add(new Span(tarOffset, to - from, part.offset() + from - part.fileOffset()));
        }
      }
    }
    return spans;
  }
}
