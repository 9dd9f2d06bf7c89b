package io.github.ndocker.runtime;

import java.nio.file.Path;

/**
 * A file or directory of the host that a container sees read-only.
 *
 * @param source absolute path on the host
 * @param destination absolute path in the container
 */
public record BindMount(Path source, String destination) {
  /**
   * Checks the paths.
   *
   * @throws IllegalArgumentException if one is not absolute
   */
  public BindMount {
    if (!source.isAbsolute() || !destination.startsWith("/")) {
      throw new IllegalArgumentException("bind mount " + source + " on " + destination);
    }
  }
}
