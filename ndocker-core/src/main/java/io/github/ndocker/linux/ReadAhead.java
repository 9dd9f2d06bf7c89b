package io.github.ndocker.linux;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import java.nio.file.Path;

/**
 * Brings parts of files into the page cache, front to back, in requests as large as a disk likes:
 * {@code readahead(2)}. Thread-safe; it has no state.
 */
public final class ReadAhead {
  /**
   * One request. The kernel cuts those that are larger than what it gives the device at once
   * (max_sectors_kb, 1,280 KiB by default), and does not read the rest.
   */
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
    try (Descriptor descriptor = Descriptor.openReadOnly(file);
        Memory buffer = new Memory(PIECE_BYTES)) {
      long end = offset + length;
      ask(descriptor, offset, end);
      for (long at = offset; at < end; at += PIECE_BYTES) {
        // the next piece is on its way while this one is waited for
        ask(descriptor, at + PIECE_BYTES, end);
        if (!await(file, descriptor, buffer, at, Math.min(PIECE_BYTES, end - at))) {
          return;
        }
      }
    }
  }

  /** Where the file system has no read-ahead, reading is all that is left. */
  private static void ask(Descriptor descriptor, long at, long end) {
    if (at < end) {
      LibC.readahead(descriptor.number(), at, Math.min(PIECE_BYTES, end - at));
    }
  }

  /** Says whether there may be more behind it. */
  private static boolean await(
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
