package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Copies of the chunks of a file that lie across a seam of its blob. A chunk is one piece of one
 * device, so a seam at a mere multiple of 512 would make all chunks of the file that small: for a
 * file of 200 MB 3.2 MB of indexes, which the page cache reads several times slower.
 *
 * <p>So it is with the chunk behind a seam where the block of one device follows, by number, that
 * of another. Linux (seen in 6.18, on block devices) reads both in one piece from the first device:
 * it joins reads by their sectors alone.
 */
final class SeamCopies {
  /** With smaller chunks the page cache gets a page in pieces. */
  private static final int PAGE_BITS = 12;

  /** No copy is larger. */
  private static final int LARGEST_BITS = 24;

  /** How much more metadata is worth not having chunks of a block, which are slow to read. */
  private static final int WORTH = 4;

  /** What all copies and indexes of a file may take, for they are in memory when they are made. */
  private static final long MOST_BYTES = 256 << 20;

  private final List<ContentExtent> extents;
  private final List<Long> misleading;
  private final List<Long> cutOff;
  private final long size;
  private final int chunkBits;

  private SeamCopies(
      List<ContentExtent> extents,
      List<Long> misleading,
      List<Long> cutOff,
      long size,
      int smallest,
      int largest) {
    this.extents = extents;
    this.misleading = misleading;
    this.cutOff = cutOff;
    this.size = size;
    int best = smallest;
    for (int bits = smallest + 1; bits <= largest; bits++) {
      best = cost(bits) < cost(best) ? bits : best;
    }
    this.chunkBits = best;
  }

  /**
   * Chooses the chunks that cost least, with their indexes and what has to be copied.
   *
   * @param extents the whole file
   * @param cutOff where extents end that have to be copied there, in the file
   * @param size of it
   * @param blockBits binary logarithm of the size of a block
   * @return empty if the file needs no copies: all its seams are at pages, or they are so many that
   *     small chunks are better, and none misleads or is cut off
   */
  static Optional<SeamCopies> of(
      List<ContentExtent> extents, List<Long> cutOff, long size, int blockBits) {
    List<Long> misleading = misleading(extents);
    boolean avoidable = misleading.isEmpty() && cutOff.isEmpty();
    if (avoidable
        && extents.stream().allMatch(extent -> extent.fileOffset() % (1 << PAGE_BITS) == 0)) {
      return Optional.empty();
    }
    SeamCopies pages = new SeamCopies(extents, misleading, cutOff, size, PAGE_BITS, LARGEST_BITS);
    long small = Math.max(1 << PAGE_BITS, (size >> blockBits) * ChunkIndexes.INDEX);
    if (pages.cost(pages.chunkBits) <= Math.min(MOST_BYTES, WORTH * small)) {
      return Optional.of(pages);
    }
    return avoidable
        ? Optional.empty()
        : Optional.of(new SeamCopies(extents, misleading, cutOff, size, blockBits, blockBits));
  }

  /** The seams where a block follows one of another device. */
  private static List<Long> misleading(List<ContentExtent> extents) {
    List<Long> seams = new ArrayList<>();
    int deviceBefore = ContentExtent.HOLE;
    long endBefore = 0;
    for (ContentExtent extent : extents) {
      if (extent.device() == ContentExtent.HOLE) {
        continue;
      }
      if (isOfABlob(deviceBefore)
          && isOfABlob(extent.device())
          && extent.device() != deviceBefore
          && extent.deviceOffset() == endBefore) {
        seams.add(extent.fileOffset());
      }
      deviceBefore = extent.device();
      endBefore = extent.deviceOffset() + extent.length();
    }
    return seams;
  }

  /** Where copies go is chosen later, and with regard to this. */
  private static boolean isOfABlob(int device) {
    return device > ContentExtent.COPIES;
  }

  private long cost(int bits) {
    return ChunkIndexes.INDEX * (((size - 1) >> bits) + 1) + ((long) crossed(bits).size() << bits);
  }

  /** The chunks with a seam in them, a misleading one before them, or cut off; ascending. */
  private List<Long> crossed(int bits) {
    Stream<Long> seams =
        extents.stream()
            .map(ContentExtent::fileOffset)
            .filter(seam -> (seam & ((1L << bits) - 1)) != 0 || misleading.contains(seam));
    return Stream.concat(seams, cutOff.stream().map(end -> end - 1))
        .map(position -> position >> bits)
        .sorted()
        .distinct()
        .toList();
  }

  /** Binary logarithm of the size of a chunk. */
  int chunkBits() {
    return chunkBits;
  }

  /** Reads bytes of the file. */
  @FunctionalInterface
  interface Reader {
    void fill(ByteBuffer target, long position) throws IOException;
  }

  /**
   * Makes the copies.
   *
   * @param copies those that the file has already; receives those of this
   * @param file its bytes
   * @return the extents of the file again, with seams at chunks only
   */
  List<ContentExtent> apply(Copies copies, Reader file) throws IOException {
    List<ContentExtent> result = new ArrayList<>();
    int at = 0;
    long covered = 0;
    for (long chunk : crossed(chunkBits)) {
      long from = chunk << chunkBits;
      long to = Math.min(size, (chunk + 1) << chunkBits);
      at = addBetween(result, at, covered, from);
      result.add(new ContentExtent(from, to - from, ContentExtent.COPIES, copies.end()));
      ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
      file.fill(bytes, from);
      copies.add(ByteString.of(bytes.array()));
      covered = to;
    }
    addBetween(result, at, covered, size);
    return List.copyOf(result);
  }

  /** Returns the first extent that goes on after the end. */
  private int addBetween(List<ContentExtent> result, int first, long from, long to) {
    int at = first;
    while (at < extents.size() && extents.get(at).fileOffset() < to) {
      ContentExtent extent = extents.get(at);
      long begin = Math.max(from, extent.fileOffset());
      long end = Math.min(to, extent.end());
      if (begin < end) {
        result.add(extent.range(begin, end));
      }
      if (extent.end() > to) {
        break;
      }
      at++;
    }
    return at;
  }

  /** Bytes of a file that lie in the image itself. */
  static final class Copies {
    private final List<ByteString> pieces = new ArrayList<>();
    private final int blockBytes;
    private int end;

    Copies(ByteString first, int blockBytes) {
      this.blockBytes = blockBytes;
      add(first);
    }

    private void add(ByteString piece) {
      pieces.add(piece);
      end += piece.length();
      int padding = -end & (blockBytes - 1);
      if (padding > 0) {
        pieces.add(ByteString.of(new byte[padding]));
        end += padding;
      }
    }

    /** Where the next one begins: at a block. */
    private long end() {
      return end;
    }

    ByteString all() {
      ByteBuffer all = ByteBuffer.allocate(end);
      pieces.forEach(piece -> piece.putInto(all));
      return ByteString.of(all.array());
    }
  }
}
