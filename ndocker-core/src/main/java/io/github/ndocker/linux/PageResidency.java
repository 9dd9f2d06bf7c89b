package io.github.ndocker.linux;

import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.BitSet;

/** Which pages of a file are in the page cache: {@code mincore(2)}. */
public final class PageResidency {
  /** Size of a page, in bytes; the architectures this is for have no other by default. */
  public static final int PAGE_BYTES = 4096;

  /** As many pages as a bit set has bits. */
  private static final long MAX_BYTES = (long) Integer.MAX_VALUE * PAGE_BYTES;

  /** What is looked at in one call: sparse files may claim any size. */
  private static final long WINDOW_BYTES = 1L << 30;

  private static final int PROT_READ = 1;
  private static final int MAP_SHARED = 1;

  private PageResidency() {}

  /**
   * Looks at a file without reading it.
   *
   * @param file a regular file
   * @param size its size in bytes, just below 8 TiB at most
   * @return a bit for each page that is resident, bit 0 for the first page
   * @throws SystemCallException if the file cannot be opened or mapped, or is too large
   */
  public static BitSet of(Path file, long size) throws SystemCallException {
    if (size > MAX_BYTES) {
      throw new SystemCallException(
          "mincore " + file + " of " + size + " bytes", SystemCallException.EFBIG);
    }
    BitSet resident = new BitSet();
    if (size == 0) {
      return resident;
    }
    try (Descriptor descriptor = Descriptor.openReadOnly(file)) {
      for (long offset = 0; offset < size; offset += WINDOW_BYTES) {
        int first = (int) (offset / PAGE_BYTES);
        look(file, descriptor, offset, Math.min(WINDOW_BYTES, size - offset), resident, first);
      }
    }
    return resident;
  }

  /** Whether every page of a part is resident. What is past the end of the file is not. */
  static boolean isWhole(Path file, Descriptor descriptor, long offset, long length)
      throws SystemCallException {
    long begin = offset / PAGE_BYTES * PAGE_BYTES;
    long bytes = offset + length - begin;
    BitSet resident = new BitSet();
    look(file, descriptor, begin, bytes, resident, 0);
    return resident.nextClearBit(0) >= (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
  }

  private static void look(
      Path file, Descriptor descriptor, long offset, long length, BitSet resident, int first)
      throws SystemCallException {
    Pointer address =
        LibC.mmap(Pointer.NULL, length, PROT_READ, MAP_SHARED, descriptor.number(), offset);
    if (Pointer.nativeValue(address) == -1) {
      throw new SystemCallException("mmap " + file, com.sun.jna.Native.getLastError());
    }
    try {
      byte[] pages = new byte[(int) ((length + PAGE_BYTES - 1) / PAGE_BYTES)];
      LibC.check("mincore " + file, LibC.mincore(address, length, pages));
      for (int page = 0; page < pages.length; page++) {
        if ((pages[page] & 1) != 0) {
          resident.set(first + page);
        }
      }
    } finally {
      LibC.munmap(address, length);
    }
  }
}
