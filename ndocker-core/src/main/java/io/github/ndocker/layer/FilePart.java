package io.github.ndocker.layer;

import java.util.Objects;

/**
 * One stretch of a sparse file. Immutable.
 *
 * @param fileOffset its first byte in the file, a multiple of 4,096
 * @param length bytes, at least 1
 * @param source where they are
 * @param offset where they begin there: in the tar, a multiple of 512; in the copies; 0 in a hole
 */
public record FilePart(long fileOffset, long length, Source source, long offset) {
  /** Where bytes of a sparse file are. */
  public enum Source {
    /** In the layer's tar. */
    TAR(0),
    /** In {@link SparseContents#copies}. */
    COPIES(1),
    /** Nowhere: they are zeros. */
    HOLE(2);

    private final int code;

    Source(int code) {
      this.code = code;
    }

    /** What an index calls it. */
    int code() {
      return code;
    }

    static Source ofCode(int code) {
      return code == TAR.code ? TAR : code == COPIES.code ? COPIES : HOLE;
    }
  }

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public FilePart {
    Objects.requireNonNull(source, "source");
    boolean fits =
        switch (source) {
          case TAR -> offset > 0 && offset % TarHeader.BLOCK == 0;
          case COPIES -> offset >= 0 && offset % TarHeader.BLOCK == 0;
          case HOLE -> offset == 0;
        };
    if (!fits
        || fileOffset < 0
        || fileOffset % SparseContents.ALIGNMENT != 0
        || length < 1
        || fileOffset > Long.MAX_VALUE - length
        || offset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException(
          length + " bytes at " + fileOffset + " from " + offset + " of " + source);
    }
  }

  /** After its last byte in the file. */
  long end() {
    return fileOffset + length;
  }
}
