package io.github.ndocker.llpl;

import java.nio.ByteBuffer;

/**
 * A memory block that blobs lie in, at whole pages of the pool file. It is never freed, because
 * LLPL fills with zeros what it allocates.
 */
final class Arena {
  private final HeapBlock block;
  private final long padding;
  private final long pages;

  Arena(HeapBlock block) {
    this.block = block;
    long misplaced = block.fileOffset() % PageRange.PAGE;
    this.padding = misplaced == 0 ? 0 : PageRange.PAGE - misplaced;
    this.pages = Math.max(0, block.size() - padding) / PageRange.PAGE;
  }

  /** How large a block has to be for so many pages, wherever it begins. */
  static long blockSizeFor(long pages) {
    return (pages + 1) * PageRange.PAGE;
  }

  long pages() {
    return pages;
  }

  /** Number of its first page, counted from the begin of the pool file. */
  long firstFilePage() {
    return (block.fileOffset() + padding) / PageRange.PAGE;
  }

  /** Copies bytes in, so many bytes after the begin of the first page. */
  void put(long position, ByteBuffer source, int length) {
    block.put(padding + position, source, length);
  }

  /** Copies bytes out. */
  void get(long position, ByteBuffer destination, int length) {
    block.get(padding + position, destination, length);
  }

  /** Writes bytes out of the caches of the CPU. */
  void flush(long position, long length) {
    block.flush(padding + position, length);
  }
}
