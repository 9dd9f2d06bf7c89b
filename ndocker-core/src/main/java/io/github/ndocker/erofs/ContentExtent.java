package io.github.ndocker.erofs;

import io.github.ndocker.layer.FilePart;

/**
 * Where a range of one file lies. Immutable.
 *
 * @param fileOffset first byte of the range in the file
 * @param length bytes, at least 1
 * @param device the device, counted from 1 as the device table does; {@link #COPIES} or {@link
 *     #HOLE}
 * @param deviceOffset where the range begins on it, a multiple of the block size; 0 in a hole
 */
public record ContentExtent(long fileOffset, long length, int device, long deviceOffset) {
  /** The copies of a sparse file, which lie in the metadata image, its own first device. */
  public static final int COPIES = 0;

  /** No device: zeros. */
  public static final int HOLE = -1;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public ContentExtent {
    if (fileOffset < 0
        || length < 1
        || device < HOLE
        || deviceOffset < 0
        || deviceOffset % 512 != 0
        || fileOffset > Long.MAX_VALUE - length
        || deviceOffset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException(
          length + " bytes at " + fileOffset + " from " + deviceOffset + " of device " + device);
    }
  }

  /**
   * A part of a sparse file that is in no tar.
   *
   * @param part copies or a hole
   * @return the extent
   */
  static ContentExtent outOfTar(FilePart part) {
    int device = part.source() == FilePart.Source.HOLE ? HOLE : COPIES;
    return new ContentExtent(part.fileOffset(), part.length(), device, part.offset());
  }

  /** After its last byte in the file. */
  long end() {
    return fileOffset + length;
  }

  /** A part of it, by positions in the file. */
  ContentExtent range(long from, long to) {
    long skipped = device == HOLE ? 0 : from - fileOffset;
    return new ContentExtent(from, to - from, device, deviceOffset + skipped);
  }

  /** Whether another extent goes on where this one ends, in the file and on the device. */
  boolean goesOnWith(ContentExtent next) {
    return next.device == device
        && next.fileOffset == fileOffset + length
        && next.deviceOffset == deviceOffset + length;
  }
}
