package io.github.ndocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Brings parts of files into the page cache, front to back, in requests as large as a device takes.
 * Thread-safe; it has no state.
 *
 * <p>How large a request may be depends on the folios that the page cache has got for it: a device
 * takes some number of segments, and single pages that lie apart are one each (half a mebibyte of
 * them, with the usual 128). A mapping that wants huge pages gets folios of 2 MiB, where the file
 * system can have such; {@code readahead(2)} gets single pages, {@code read(2)} larger ones by and
 * by. So what makes most of such a folio is mapped, and what does not is read.
 */
public final class ReadAhead {
  /** A huge page on the architectures this is for: what one fault brings. */
  private static final int WINDOW_BYTES = 2 << 20;

  private static final int PROT_READ = 1;
  private static final int MAP_SHARED = 1;
  private static final int MADV_RANDOM = 1;
  private static final int MADV_HUGEPAGE = 14;
  private static final int MADV_POPULATE_READ = 22;

  private ReadAhead() {}

  /**
   * Reads a part of a file, and returns when it is in memory. What is there already costs next to
   * nothing. A part past the end of the file is left out; up to a mebibyte beside the part may be
   * read with it.
   *
   * @param file a regular file
   * @param offset first byte
   * @param length number of bytes
   * @throws IOException if the file cannot be opened or read
   */
  public static void read(Path file, long offset, long length) throws IOException {
    read(file, offset, length, () -> true);
  }

  /**
   * As {@link #read(Path, long, long)}, until it is not wanted any more.
   *
   * @param file a regular file
   * @param offset first byte
   * @param length number of bytes
   * @param wanted asked before each 2 MiB
   * @throws IOException as there
   */
  public static void read(Path file, long offset, long length, BooleanSupplier wanted)
      throws IOException {
    try (Descriptor descriptor = Descriptor.openReadOnly(file)) {
      long size = Files.size(descriptor.path());
      long end = Math.min(offset + length, size);
      for (long at = offset; at < end && wanted.getAsBoolean(); ) {
        long window = at / WINDOW_BYTES * WINDOW_BYTES;
        long windowEnd = Math.min(size, window + WINDOW_BYTES);
        long next = Math.min(end, windowEnd);
        if (!PageResidency.isWhole(file, descriptor, at, next - at)
            && (2 * (next - at) < windowEnd - window
                || !populate(descriptor, window, windowEnd - window))) {
          copy(file, descriptor, at, next - at);
        }
        at = next;
      }
    }
  }

  /** False if this kernel cannot, or the file cannot be read: then reading tells what is wrong. */
  private static boolean populate(Descriptor descriptor, long offset, long length) {
    Pointer address =
        LibC.mmap(Pointer.NULL, length, PROT_READ, MAP_SHARED, descriptor.number(), offset);
    if (Pointer.nativeValue(address) == -1) {
      return false;
    }
    try {
      // random: nothing behind it. Without huge pages that would mean page by page
      return LibC.madvise(address, length, MADV_HUGEPAGE) == 0
          && LibC.madvise(address, length, MADV_RANDOM) == 0
          && LibC.madvise(address, length, MADV_POPULATE_READ) == 0;
    } finally {
      LibC.munmap(address, length);
    }
  }

  private static void copy(Path file, Descriptor descriptor, long offset, long length)
      throws SystemCallException {
    try (Memory buffer = new Memory(length)) {
      for (long done = 0; done < length; ) {
        long read = LibC.pread(descriptor.number(), buffer, length - done, offset + done);
        if (read == 0) {
          return;
        }
        if (read < 0) {
          int errno = Native.getLastError();
          if (errno != SystemCallException.EINTR) {
            throw new SystemCallException("pread " + file, errno);
          }
          continue;
        }
        done += read;
      }
    }
  }
}
