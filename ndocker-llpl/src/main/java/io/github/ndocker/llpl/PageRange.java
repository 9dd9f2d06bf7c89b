package io.github.ndocker.llpl;

/**
 * Consecutive pages of a tier. Pages of all arenas are numbered together, with a gap between two
 * arenas, so that no range goes from one into the next.
 *
 * @param first number of the first page
 * @param pages how many
 */
record PageRange(long first, long pages) {
  /** Of the pool file and of memory; what EROFS is sure to address. */
  static final int PAGE = 4096;

  PageRange {
    if (first < 0 || pages < 0 || first > Long.MAX_VALUE - pages) {
      throw new IllegalArgumentException(pages + " pages from " + first);
    }
  }

  /** The page after the last one. */
  long end() {
    return first + pages;
  }

  long bytes() {
    return pages * PAGE;
  }

  /** The first so many pages. */
  PageRange head(long count) {
    if (count > pages) {
      throw new IllegalArgumentException(count + " of " + pages + " pages");
    }
    return new PageRange(first, count);
  }

  /** What is left without the first so many pages. */
  PageRange tail(long count) {
    return new PageRange(first + count, pages - count);
  }

  /** How many pages so many bytes take. */
  static long pagesFor(long bytes) {
    return bytes / PAGE + (bytes % PAGE == 0 ? 0 : 1);
  }
}
