package io.github.ndocker.erofs;

/**
 * Where a range of one file lies. Immutable.
 *
 * @param fileOffset first byte of the range in the file
 * @param length bytes, at least 1
 * @param device the device, counted from 1 as the device table does
 * @param deviceOffset where the range begins on it, a multiple of the block size
 */
public record ContentExtent(long fileOffset, long length, int device, long deviceOffset) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public ContentExtent {
    if (fileOffset < 0
        || length < 1
        || device < 1
        || deviceOffset < 0
        || deviceOffset % 512 != 0
        || fileOffset > Long.MAX_VALUE - length
        || deviceOffset > Long.MAX_VALUE - length) {
      throw new IllegalArgumentException(
          length + " bytes at " + fileOffset + " from " + deviceOffset + " of device " + device);
    }
  }

  /** Whether another extent goes on where this one ends, in the file and on the device. */
  boolean goesOnWith(ContentExtent next) {
    return next.device == device
        && next.fileOffset == fileOffset + length
        && next.deviceOffset == deviceOffset + length;
  }
}
