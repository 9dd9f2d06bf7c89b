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

  /** The size of a block in which so many bytes can be aligned, wherever it is. */
  static long sizeFor(long length) {
    return Math.addExact(length, PAGE);
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
