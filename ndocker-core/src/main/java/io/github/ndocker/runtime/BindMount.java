package io.github.ndocker.runtime;

import java.nio.file.Path;

/**
 * A file or directory of the host that a container sees, without its device nodes and set-user-ID
 * programs. Immutable.
 *
 * @param source absolute path on the host
 * @param destination absolute path in the container
 * @param writable whether the container may write to it
 */
public record BindMount(Path source, String destination, boolean writable) {
  /**
   * Checks the paths.
   *
   * @throws IllegalArgumentException if one is not absolute, or the destination has {@code ..} in
   *     it or is the root
   */
  public BindMount {
    if (!source.isAbsolute()) {
      throw new IllegalArgumentException("bind mount of " + source + ", which is not absolute");
    }
    destination = ContainerPath.mountPoint("bind mount", destination);
  }

  /**
   * One that the container can only read.
   *
   * @param source absolute path on the host
   * @param destination absolute path in the container
   * @throws IllegalArgumentException if one is not absolute
   */
  public BindMount(Path source, String destination) {
    this(source, destination, false);
  }

  /**
   * One that the container can write to, with the rights of its user.
   *
   * @param source absolute path on the host
   * @param destination absolute path in the container
   * @return the mount
   * @throws IllegalArgumentException if one is not absolute
   */
  public static BindMount writable(Path source, String destination) {
    return new BindMount(source, destination, true);
  }
}
