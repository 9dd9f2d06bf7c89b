package io.github.ndocker.linux;

import com.sun.jna.Pointer;
import java.nio.file.Path;
import java.util.BitSet;

/** Which pages of a file are in the page cache: {@code mincore(2)}. */
public final class PageResidency {
  /** Size of a page, in bytes; the architectures this is for have no other by default. */
  public static final int PAGE_BYTES = 4096;

  private static final int PROT_READ = 1;
  private static final int MAP_SHARED = 1;

  private PageResidency() {}

  /**
   * Looks at a file without reading it.
   *
   * @param file a regular file
   * @param size its size in bytes, at most 8 TiB
   * @return a bit for each page that is resident, bit 0 for the first page
   * @throws SystemCallException if the file cannot be opened or mapped
   */
  public static BitSet of(Path file, long size) throws SystemCallException {
    BitSet resident = new BitSet();
    if (size == 0) {
      return resident;
    }
    try (Descriptor descriptor = Descriptor.openReadOnly(file)) {
      Pointer address =
          LibC.mmap(Pointer.NULL, size, PROT_READ, MAP_SHARED, descriptor.number(), 0);
      if (Pointer.nativeValue(address) == -1) {
        throw new SystemCallException("mmap " + file, com.sun.jna.Native.getLastError());
      }
      try {
        byte[] pages = new byte[Math.toIntExact((size + PAGE_BYTES - 1) / PAGE_BYTES)];
        LibC.check("mincore " + file, LibC.mincore(address, size, pages));
        for (int page = 0; page < pages.length; page++) {
          if ((pages[page] & 1) != 0) {
            resident.set(page);
          }
        }
      } finally {
        LibC.munmap(address, size);
      }
    }
    return resident;
  }
}
