package io.github.ndocker.api;

import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * What one workload of one image reads in its cold start. Immutable.
 *
 * @param image the chain ID of the image's layers
 * @param workload a name for what was started, chosen by the host
 * @param complete false if the tracer lost events, so that files may be missing
 * @param files the files in the order of their first access, each path once
 */
public record Profile(ChainId image, String workload, boolean complete, List<HotFile> files) {
  /**
   * Checks that every path is there once.
   *
   * @throws IllegalArgumentException if a path is there twice or the workload has no name
   */
  public Profile {
    Objects.requireNonNull(image, "image");
    files = List.copyOf(files);
    if (workload.isBlank()) {
      throw new IllegalArgumentException("a workload has a name");
    }
    Set<String> paths = new HashSet<>();
    for (HotFile file : files) {
      if (!paths.add(file.path())) {
        throw new IllegalArgumentException("twice in the profile: " + file.path());
      }
    }
  }

  /**
   * How much the cold start read.
   *
   * @return the sum over the files, in bytes
   */
  public long bytes() {
    return files.stream().mapToLong(HotFile::bytes).sum();
  }
}
