package io.github.ndocker.llpl;

import com.intel.pmem.llpl.MemoryBlock;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * A memory block of the heap, and the only way to its bytes. Every range is checked here before it
 * goes to LLPL, which adds offset and length without regard to overflow and would let the JVM
 * crash. Nothing that is written is durable before {@link #flush}, or the end of a transaction.
 */
final class HeapBlock {
  /** LLPL keeps the size of a block in the first bytes of it. */
  static final int HEADER = 8;

  // LLPL copies to and from arrays only
  private static final int PIECE = 64 << 10;

  private final MemoryBlock block;
  private final long capacity;

  HeapBlock(MemoryBlock block) {
    this.block = block;
    this.capacity = block.size();
  }

  /** In bytes. */
  long size() {
    return capacity;
  }

  /** Where the first byte lies in the pool file. */
  long fileOffset() {
    return block.handle() + HEADER;
  }

  /** Copies the next bytes of a buffer in, and moves its position. */
  void put(long offset, ByteBuffer source, int length) {
    check(offset, length, source.remaining());
    if (length == 0) {
      return;
    }
    int from = source.position();
    if (source.hasArray()) {
      block.copyFromArray(source.array(), source.arrayOffset() + from, offset, length);
    } else {
      byte[] piece = new byte[Math.min(length, PIECE)];
      for (int done = 0; done < length; done += piece.length) {
        int count = Math.min(piece.length, length - done);
        source.get(from + done, piece, 0, count);
        block.copyFromArray(piece, 0, offset + done, count);
      }
    }
    source.position(from + length);
  }

  /** Copies bytes out to where a buffer is, and moves its position. */
  void get(long offset, ByteBuffer destination, int length) {
    check(offset, length, destination.remaining());
    if (length == 0) {
      return;
    }
    int to = destination.position();
    if (destination.hasArray()) {
      block.copyToArray(offset, destination.array(), destination.arrayOffset() + to, length);
      destination.position(to + length);
    } else {
      byte[] piece = new byte[Math.min(length, PIECE)];
      for (int done = 0; done < length; done += piece.length) {
        int count = Math.min(piece.length, length - done);
        block.copyToArray(offset + done, piece, 0, count);
        destination.put(piece, 0, count);
      }
    }
  }

  byte[] get(long offset, int length) {
    byte[] bytes = new byte[length];
    get(offset, ByteBuffer.wrap(bytes), length);
    return bytes;
  }

  /** Writes bytes within the transaction of this thread, which keeps what was there till then. */
  void putInTransaction(long offset, byte[] bytes) {
    check(offset, bytes.length, bytes.length);
    block.addToTransaction(offset, bytes.length);
    block.copyFromArray(bytes, 0, offset, bytes.length);
  }

  /** Writes bytes out of the caches of the CPU. */
  void flush(long offset, long length) {
    Objects.checkFromIndexSize(offset, length, capacity);
    if (length > 0) {
      block.flush(offset, length);
    }
  }

  private void check(long offset, int length, int remaining) {
    Objects.checkFromIndexSize(offset, length, capacity);
    Objects.checkFromIndexSize(0, length, remaining);
  }
}
