package io.github.ndocker.layer;

import java.util.ArrayList;
import java.util.List;

/** The stretches of data of one sparse file, as its headers name them. */
final class SparseMap {
  /** More than any file system takes, and nothing overflows. */
  private static final long MAX_SIZE = 1L << 60;

  private final LayerLimits limits;
  private final List<Extent> extents = new ArrayList<>();
  private int named;
  private long end;
  private long dataBytes;

  SparseMap(LayerLimits limits) {
    this.limits = limits;
  }

  /**
   * Data that is there.
   *
   * @param offset its first byte in the file
   * @param length bytes, at least 1
   * @param before bytes of data before it, which lie in front of it in the tar
   */
  record Extent(long offset, long length, long before) {
    long end() {
      return offset + length;
    }
  }

  /** Adds a stretch. They have to come in order; GNU tar ends its lists with an empty one. */
  void add(long offset, long length) throws MalformedLayerException {
    limits.check(LayerLimit.SPARSE_EXTENTS, ++named);
    if (offset < end || length < 0 || offset > Long.MAX_VALUE - length) {
      throw new MalformedLayerException(
          "a sparse file has " + length + " bytes at " + offset + ", after " + end);
    }
    if (length > 0) {
      Extent last = extents.isEmpty() ? new Extent(-1, 0, 0) : extents.get(extents.size() - 1);
      if (last.end() == offset) {
        extents.set(extents.size() - 1, new Extent(last.offset, last.length + length, last.before));
      } else {
        extents.add(new Extent(offset, length, dataBytes));
      }
      dataBytes += length;
    }
    end = offset + length;
  }

  /**
   * Checks it against the rest of the headers.
   *
   * @param size bytes of the file
   * @param data bytes of data in the tar
   */
  void check(long size, long data) throws MalformedLayerException {
    if (end > size || size > MAX_SIZE || data != dataBytes) {
      throw new MalformedLayerException(
          "a sparse file of "
              + size
              + " bytes, "
              + data
              + " of them in the tar, has a map of "
              + dataBytes
              + " bytes up to "
              + end);
    }
  }

  /** Stretches that are not empty and do not touch, ascending. */
  List<Extent> extents() {
    return extents;
  }
}
