package io.github.ndocker.engine;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;

/**
 * The last four bytes of a gzip file are the length of what it inflates to, modulo 4 GiB: a guess
 * that costs nothing.
 */
final class GzipLength {
  private static final int GZIP_MAGIC = 0x1f8b;
  private static final int SMALLEST = 18;

  private GzipLength() {}

  /**
   * Bytes the file probably inflates to; its own size if it is not gzip, or says that it is further
   * inflated than is plausible: room is kept for what is guessed.
   *
   * @param ratio the most that is plausible
   */
  static long guess(Path file, long ratio) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long size = in.length();
      if (size < SMALLEST || in.readUnsignedShort() != GZIP_MAGIC) {
        return size;
      }
      in.seek(size - Integer.BYTES);
      long trailer = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
      return trailer >= size / 2 && trailer / ratio <= size ? trailer : size;
    }
  }
}
