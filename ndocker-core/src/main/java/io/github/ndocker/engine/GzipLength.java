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

  /** Deflate cannot shrink further than this; a trailer that claims more lies. */
  private static final int MAX_RATIO = 1032;

  private GzipLength() {}

  /** Bytes the file probably inflates to; its own size if it is not gzip. */
  static long guess(Path file) throws IOException {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      long size = in.length();
      if (size < SMALLEST || in.readUnsignedShort() != GZIP_MAGIC) {
        return size;
      }
      in.seek(size - Integer.BYTES);
      long trailer = Integer.toUnsignedLong(Integer.reverseBytes(in.readInt()));
      return trailer >= size / 2 && trailer / MAX_RATIO <= size ? trailer : size;
    }
  }
}
