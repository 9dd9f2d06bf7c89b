package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import java.util.List;
import java.util.Objects;

/**
 * Where the hot bytes of one file lie. Immutable.
 *
 * @param path absolute path in the image
 * @param fileBytes size of the file
 * @param ranges the parts of the hot pack that hold its hot pages, ascending in the file; empty if
 *     the image is not promoted, or the file lies in its layer alone
 */
public record HotFilePlace(String path, long fileBytes, List<BlobExtent> ranges) {
  /** Copies the list. */
  public HotFilePlace {
    Objects.requireNonNull(path, "path");
    ranges = List.copyOf(ranges);
  }

  /**
   * How much of the file is in the hot pack.
   *
   * @return bytes
   */
  public long packedBytes() {
    return ranges.stream().mapToLong(BlobExtent::length).sum();
  }
}
