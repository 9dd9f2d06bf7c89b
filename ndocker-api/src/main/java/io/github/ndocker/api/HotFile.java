package io.github.ndocker.api;

import java.util.List;
import java.util.Objects;

/**
 * A file that a cold start reads, and which of its bytes. Immutable.
 *
 * @param path absolute path in the image's root file system, without symbolic links
 * @param ranges the bytes that were read, ascending and neither overlapping nor touching; none if
 *     the file was opened but not read
 */
public record HotFile(String path, List<ByteRange> ranges) {
  /**
   * Checks path and ranges.
   *
   * @throws IllegalArgumentException if the path is not absolute or the ranges are not ascending
   *     and apart
   */
  public HotFile {
    Objects.requireNonNull(path, "path");
    ranges = List.copyOf(ranges);
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("not an absolute path: " + path);
    }
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i).offset() <= ranges.get(i - 1).end()) {
        throw new IllegalArgumentException(
            "byte ranges of " + path + " are not ascending and apart");
      }
    }
  }

  /**
   * How much of the file was read.
   *
   * @return the sum of the ranges' lengths, in bytes
   */
  public long bytes() {
    return ranges.stream().mapToLong(ByteRange::length).sum();
  }
}
