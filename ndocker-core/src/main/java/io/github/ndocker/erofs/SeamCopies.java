package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
  /** No chunk is smaller, or else the page cache gets a page in pieces. */
  private static final int SMALLEST_BITS = 12;

  /** No copy is larger. */
  private static final int LARGEST_BITS = 24;

  private static final int SMALLEST_BLOCK = 512;

  /** How much more metadata is worth not having chunks of a block, which are slow to read. */
  private static final int WORTH = 4;

  private final List<ContentExtent> extents;
  private final List<Long> misleading;
  private final long size;
  private final int chunkBits;

  private SeamCopies(List<ContentExtent> extents, List<Long> misleading, long size, int mostBits) {
    this.extents = extents;
    this.misleading = misleading;
    this.size = size;
    int best = SMALLEST_BITS;
    for (int bits = SMALLEST_BITS + 1; bits <= Math.min(LARGEST_BITS, mostBits); bits++) {
      best = cost(bits) < cost(best) ? bits : best;
    }
    this.chunkBits = best;
  }

  /**
   * Chooses the chunks that cost least, with their indexes and what has to be copied.
   *
   * @param extents the whole file
   * @param size of it
   * @param mostBits binary logarithm of the largest chunk that makes sense
   * @return empty if the file needs no copies, for all its seams are at pages; or if it has so many
   *     that small chunks are better
   */
  static Optional<SeamCopies> of(List<ContentExtent> extents, long size, int mostBits) {
    List<Long> misleading = misleading(extents);
    if (misleading.isEmpty()
        && extents.stream().allMatch(extent -> extent.fileOffset() % (1 << SMALLEST_BITS) == 0)) {
      return Optional.empty();
    }
    SeamCopies copies = new SeamCopies(extents, misleading, size, mostBits);
    if (!misleading.isEmpty()) {
      return Optional.of(copies);
    }
    long small = Math.max(1 << SMALLEST_BITS, size / SMALLEST_BLOCK * ChunkIndexes.INDEX);
    return copies.cost(copies.chunkBits) <= WORTH * small ? Optional.of(copies) : Optional.empty();
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

  /** The chunks that have a seam in them, or a misleading one before them; ascending. */
  private List<Long> crossed(int bits) {
    return extents.stream()
        .map(ContentExtent::fileOffset)
        .filter(seam -> (seam & ((1L << bits) - 1)) != 0 || misleading.contains(seam))
        .map(seam -> seam >> bits)
        .distinct()
        .toList();
  }

  /** Binary logarithm of the size of a chunk. */
  int chunkBits() {
    return chunkBits;
  }

  /**
   * Makes the copies.
   *
   * @param before copies that the file has already; receives those of this
   * @param contents reads what is copied
   * @return the file again, with seams at chunks only
   */
  List<ContentExtent> apply(Copies before, ContentMap contents) throws IOException {
    List<ContentExtent> result = new ArrayList<>();
    int at = 0;
    long covered = 0;
    for (long chunk : crossed(chunkBits)) {
      long from = chunk << chunkBits;
      long to = Math.min(size, (chunk + 1) << chunkBits);
      at = addBetween(result, at, covered, from);
      result.add(new ContentExtent(from, to - from, ContentExtent.COPIES, before.end()));
      before.add(assembled(at, from, to, before, contents));
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

  private ByteString assembled(int first, long from, long to, Copies copies, ContentMap contents)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) (to - from));
    for (int at = first; at < extents.size() && extents.get(at).fileOffset() < to; at++) {
      ContentExtent extent = extents.get(at);
      long begin = Math.max(from, extent.fileOffset());
      long end = Math.min(to, extent.end());
      if (begin < end) {
        ContentExtent part = extent.range(begin, end);
        ByteBuffer target = bytes.slice((int) (begin - from), (int) (end - begin));
        switch (part.device()) {
          case ContentExtent.HOLE -> {}
          case ContentExtent.COPIES -> copies.read(part.deviceOffset(), target);
          default -> contents.read(part.device(), part.deviceOffset(), target);
        }
      }
    }
    return ByteString.of(bytes.array());
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

    private void read(long offset, ByteBuffer target) {
      int from = (int) offset;
      all().slice(from, from + target.remaining()).putInto(target);
    }

    ByteString all() {
      ByteBuffer all = ByteBuffer.allocate(end);
      pieces.forEach(piece -> piece.putInto(all));
      return ByteString.of(all.array());
    }
  }
}
