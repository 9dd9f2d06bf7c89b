package io.github.ndocker.erofs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Finds the bytes of files: in the image, right behind their inodes, or on devices. */
final class FileBytes {
  private static final int CHUNK_BITS = 0x1f;
  private static final int CHUNK_INDEXES = 0x20;
  private static final int BLOCK_ADDRESS = 4;
  private static final int HOLE = -1;

  private final ImageBytes image;
  private final List<ImageBytes> devices;
  private final int blockBits;

  FileBytes(ImageBytes image, List<ImageBytes> devices, int blockBits) {
    this.image = image;
    this.devices = devices;
    this.blockBits = blockBits;
  }

  /** Fills a buffer with bytes of a file, which must have so many. */
  void fill(ImageFile file, ByteBuffer target, long position) throws IOException {
    int layout = file.body().layout();
    if (layout == InodePlan.Layout.PLAIN.number()) {
      image.fill(target, firstByte(file) + position);
    } else if (layout == InodePlan.Layout.INLINE.number()) {
      fillInline(file, target, position);
    } else if (layout == InodePlan.Layout.CHUNKS.number()) {
      fillChunks(file, target, position);
    } else {
      throw image.malformed("inode " + file.nid() + " has the layout " + layout);
    }
  }

  private long firstByte(ImageFile file) {
    return Integer.toUnsignedLong(file.body().union()) << blockBits;
  }

  private void fillInline(ImageFile file, ByteBuffer target, long position) throws IOException {
    // the last block is behind the inode, also if it is a full one
    long tail = (file.size() - 1) >> blockBits << blockBits;
    int limit = target.limit();
    if (position < tail) {
      int before = (int) Math.min(target.remaining(), tail - position);
      image.fill(target.limit(target.position() + before), firstByte(file) + position);
      target.limit(limit);
    }
    long behind = Math.max(0, position - tail);
    image.fill(target, file.body().end() + behind);
  }

  private void fillChunks(ImageFile file, ByteBuffer target, long position) throws IOException {
    int union = file.body().union();
    int bits = blockBits + (union & CHUNK_BITS);
    int limit = target.limit();
    for (long at = position; target.hasRemaining(); ) {
      long inChunk = at & ((1L << bits) - 1);
      int part = (int) Math.min(target.remaining(), (1L << bits) - inChunk);
      target.limit(target.position() + part);
      fillChunk(file, at >> bits, inChunk, target);
      target.limit(limit);
      at += part;
    }
  }

  private void fillChunk(ImageFile file, long chunk, long inChunk, ByteBuffer target)
      throws IOException {
    boolean indexes = (file.body().union() & CHUNK_INDEXES) != 0;
    int unit = indexes ? ChunkIndexes.INDEX : BLOCK_ADDRESS;
    long table = (file.body().end() + unit - 1) & -unit;
    ByteBuffer index = image.at(table + chunk * unit, unit);
    int block = index.getInt(indexes ? 4 : 0);
    if (block == HOLE) {
      while (target.hasRemaining()) {
        target.put((byte) 0);
      }
      return;
    }
    int device = indexes ? Short.toUnsignedInt(index.getShort(2)) : 0;
    if (device > devices.size()) {
      throw image.malformed("inode " + file.nid() + " lies on device " + device);
    }
    ImageBytes bytes = device == 0 ? image : devices.get(device - 1);
    bytes.fill(target, (Integer.toUnsignedLong(block) << blockBits) + inChunk);
  }
}
