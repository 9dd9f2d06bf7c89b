package io.github.ndocker.llpl;

import com.intel.pmem.llpl.PersistentMemoryBlock;
import java.util.Objects;

/**
 * A memory block that holds one blob, whose first byte lies at a multiple of a page in the pool
 * file, so that the kernel can address it. Checks every range itself: LLPL adds offset and length
 * without regard to overflow and would let the JVM crash.
 *
 * @param slot the slot of the directory that owns the block
 * @param block the memory
 */
record BlobBlock(int slot, PersistentMemoryBlock block) {
  /** LLPL keeps the size of a block in the first bytes of it. */
  static final int BLOCK_HEADER = 8;

  private static final int PAGE = 4096;

  /**
   * PMDK hands out large blocks in chunks of this size. Smaller ones come from runs of several
   * chunks per size class, which a few odd sizes would fill the pool with; so a blob takes whole
   * chunks, and what it takes is what is counted.
   */
  static final long CHUNK = 256 << 10;

  /** Left for the headers of LLPL and PMDK (8 and at most 64 bytes) in the first chunk. */
  private static final int HEADERS = 128;

  /** What a blob takes of the heap, with room to align it. */
  static long footprintFor(long length) {
    long bytes = Math.addExact(length, PAGE + HEADERS);
    return Math.addExact(bytes, CHUNK - 1) / CHUNK * CHUNK;
  }

  /** The size to ask LLPL for. */
  static long sizeFor(long length) {
    return footprintFor(length) - HEADERS;
  }

  /** What the block takes of the heap. */
  long footprint() {
    return block.size() + HEADERS;
  }

  /** Where the blob begins in the pool file. */
  long fileOffset() {
    return (block.handle() + BLOCK_HEADER + PAGE - 1) / PAGE * PAGE;
  }

  /** The largest blob that fits. */
  long room() {
    return block.size() - padding();
  }

  /** Copies bytes into the blob; they have left the CPU's caches when this returns. */
  void put(long position, byte[] source, int length) {
    Objects.checkFromIndexSize(position, length, room());
    Objects.checkFromIndexSize(0, length, source.length);
    if (length > 0) {
      block.copyFromArray(source, 0, padding() + position, length);
    }
  }

  /** Copies bytes out of the blob. */
  void get(long position, byte[] destination, int index, int length) {
    Objects.checkFromIndexSize(position, length, room());
    Objects.checkFromIndexSize(index, length, destination.length);
    if (length > 0) {
      block.copyToArray(padding() + position, destination, index, length);
    }
  }

  /** Takes over the first bytes of another blob. */
  void copyFrom(BlobBlock other, long length) {
    Objects.checkFromIndexSize(0, length, room());
    Objects.checkFromIndexSize(0, length, other.room());
    if (length > 0) {
      block.copyFrom(other.block, other.padding(), padding(), length);
    }
  }

  private long padding() {
    return fileOffset() - block.handle() - BLOCK_HEADER;
  }
}
