package io.github.ndocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/**
 * Brings parts of files into the page cache, front to back, in requests as large as a disk likes.
 * Thread-safe; it has no state.
 *
 * <p>It reads, and {@code readahead(2)} is not used: that fills the page cache with single pages,
 * of which few devices take more than half a mebibyte in one request. What is read piece by piece
 * comes in large folios, the next piece on its way while this one is copied.
 */
public final class ReadAhead {
  /** One request: a device gets up to 1,280 KiB at once (max_sectors_kb). */
  private static final int PIECE_BYTES = 1 << 20;

  private ReadAhead() {}

  /**
   * Reads a part of a file, and returns when it is in memory. What is there already costs next to
   * nothing. A part past the end of the file is left out.
   *
   * @param file a regular file
   * @param offset first byte
   * @param length number of bytes
   * @throws SystemCallException if the file cannot be opened or read
   */
  public static void read(Path file, long offset, long length) throws SystemCallException {
    read(file, offset, length, () -> true);
  }

  /**
   * As {@link #read(Path, long, long)}, until it is not wanted any more.
   *
   * @param file a regular file
   * @param offset first byte
   * @param length number of bytes
   * @param wanted asked before each mebibyte
   * @throws SystemCallException as there
   */
  public static void read(Path file, long offset, long length, BooleanSupplier wanted)
      throws SystemCallException {
    try (Descriptor descriptor = Descriptor.openReadOnly(file);
        Memory buffer = new Memory(PIECE_BYTES)) {
      long end = offset + length;
      for (long at = offset; at < end && wanted.getAsBoolean(); at += PIECE_BYTES) {
        if (!read(file, descriptor, buffer, at, Math.min(PIECE_BYTES, end - at))) {
          return;
        }
      }
    }
  }

  /** Says whether there may be more behind it. */
  private static boolean read(
      Path file, Descriptor descriptor, Memory buffer, long offset, long length)
      throws SystemCallException {
    if (PageResidency.isWhole(file, descriptor, offset, length)) {
      return true;
    }
    for (long done = 0; done < length; ) {
      long read = LibC.pread(descriptor.number(), buffer, length - done, offset + done);
      if (read == 0) {
        return false;
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
    return true;
  }
}
