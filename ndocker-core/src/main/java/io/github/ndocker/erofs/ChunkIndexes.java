package io.github.ndocker.erofs;

import io.github.ndocker.layer.ByteString;
import io.github.ndocker.layer.SparseContents;
import io.github.ndocker.layer.TreeNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The chunks of one regular file. All have one size, a power of two; a file that lies in one piece
 * has one chunk as large as that takes, which costs 8 bytes however large the file is. Of a chunk
 * across a seam, or with a block that its layer has not as a whole, there is a copy in the image.
 */
final class ChunkIndexes {
  static final int INDEX = 8;

  private static final int MAX_CHUNK_BITS = 31;

  /** What the kernel takes for a hole. */
  private static final int NO_BLOCK = -1;

  private final List<ContentExtent> extents;
  private final ByteString copies;
  private final int blockBits;
  private final int chunkBits;
  private final long chunks;

  ChunkIndexes(TreeNode file, ContentMap contents, int blockBits) throws IOException {
    this.blockBits = blockBits;
    long size = file.inode().size();
    List<ContentExtent> found = coalesced(contents.extents(file));
    ByteString sparse = file.inode().sparse().map(SparseContents::copies).orElse(ByteString.EMPTY);
    check(file, found, sparse, contents.devices());
    Optional<SeamCopies> seams = SeamCopies.of(found, contents.cutOff(file), size, blockBits);
    if (seams.isPresent()) {
      SeamCopies.Copies all = new SeamCopies.Copies(sparse, 1 << blockBits);
      this.extents =
          seams.get().apply(all, (target, position) -> contents.read(file, target, position));
      this.copies = all.all();
      this.chunkBits = seams.get().chunkBits() - blockBits;
    } else {
      this.extents = found;
      this.copies = sparse;
      this.chunkBits = found.size() == 1 ? bitsFor(size) : seamBits(found);
    }
    this.chunks = ((size - 1) >> (blockBits + chunkBits)) + 1;
  }

  private static List<ContentExtent> coalesced(List<ContentExtent> extents) {
    if (extents.size() == 1) {
      return extents;
    }
    List<ContentExtent> joined = new ArrayList<>(extents.size());
    for (ContentExtent extent : extents) {
      int last = joined.size() - 1;
      if (last >= 0 && joined.get(last).goesOnWith(extent)) {
        ContentExtent before = joined.get(last);
        joined.set(
            last,
            new ContentExtent(
                before.fileOffset(),
                before.length() + extent.length(),
                before.device(),
                before.deviceOffset()));
      } else {
        joined.add(extent);
      }
    }
    return List.copyOf(joined);
  }

  private void check(
      TreeNode file, List<ContentExtent> extents, ByteString copies, List<Device> devices) {
    long size = file.inode().size();
    long covered = 0;
    for (ContentExtent extent : extents) {
      boolean fits =
          extent.fileOffset() == covered
              && covered % (1L << blockBits) == 0
              && extent.deviceOffset() % (1L << blockBits) == 0
              && extent.device() <= devices.size()
              && extent.deviceOffset() + extent.length() <= bytesOf(extent, copies, devices);
      if (!fits) {
        throw new IllegalArgumentException("'" + file.name() + "' cannot have " + extent);
      }
      covered += extent.length();
    }
    if (covered != size) {
      throw new IllegalArgumentException(
          "the extents of '" + file.name() + "' cover " + covered + " of " + size + " bytes");
    }
  }

  private static long bytesOf(ContentExtent extent, ByteString copies, List<Device> devices) {
    return switch (extent.device()) {
      case ContentExtent.HOLE -> Long.MAX_VALUE;
      case ContentExtent.COPIES -> copies.length();
      default -> devices.get(extent.device() - 1).bytes();
    };
  }

  private int bitsFor(long size) {
    int bits = size <= 1 ? 0 : Long.SIZE - Long.numberOfLeadingZeros(size - 1);
    return Math.min(MAX_CHUNK_BITS, Math.max(0, bits - blockBits));
  }

  private int seamBits(List<ContentExtent> extents) {
    long seams = 0;
    for (ContentExtent extent : extents) {
      seams |= extent.fileOffset();
    }
    return Math.min(MAX_CHUNK_BITS, Long.numberOfTrailingZeros(seams) - blockBits);
  }

  /** The size of a chunk: blocks shifted left by this. */
  int chunkBits() {
    return chunkBits;
  }

  /** Bytes of all indexes. */
  long bytes() {
    return chunks * INDEX;
  }

  /**
   * Whether copies that begin at a block would follow, by number, a block of another device, or go
   * before one. Linux (seen in 6.18, on block devices) then reads both in one piece from one
   * device: it joins reads by their sectors alone.
   */
  boolean misleads(long copiesBlock) {
    int deviceBefore = ContentExtent.HOLE;
    long endBefore = 0;
    for (ContentExtent extent : extents) {
      if (extent.device() == ContentExtent.HOLE) {
        continue;
      }
      boolean copied = extent.device() == ContentExtent.COPIES;
      long first = (extent.deviceOffset() >> blockBits) + (copied ? copiesBlock : 0);
      boolean oneIsCopied = copied != (deviceBefore == ContentExtent.COPIES);
      if (oneIsCopied && deviceBefore != ContentExtent.HOLE && first == endBefore) {
        return true;
      }
      deviceBefore = extent.device();
      endBefore = first + ((extent.length() - 1) >> blockBits) + 1;
    }
    return false;
  }

  /** What lies in the metadata image itself. */
  ByteString copies() {
    return copies;
  }

  /**
   * Gives the indexes to a sink that has room for one at a time.
   *
   * @param copiesBlock the block of the image where the copies begin
   */
  void encode(ImageOutput output, long copiesBlock) throws IOException {
    int at = 0;
    for (long chunk = 0; chunk < chunks; chunk++) {
      long fileOffset = chunk << (blockBits + chunkBits);
      while (fileOffset >= extents.get(at).fileOffset() + extents.get(at).length()) {
        at++;
      }
      ContentExtent extent = extents.get(at);
      long block = (extent.deviceOffset() + fileOffset - extent.fileOffset()) >> blockBits;
      block += extent.device() == ContentExtent.COPIES ? copiesBlock : 0;
      ByteBuffer target = output.room(INDEX);
      target.putShort((short) 0);
      target.putShort((short) Math.max(0, extent.device()));
      target.putInt(extent.device() == ContentExtent.HOLE ? NO_BLOCK : (int) block);
    }
  }
}
