package io.github.ndocker.runtime;

/**
 * An empty file system in memory that a container sees; without device nodes, set-user-ID programs
 * and, unless told otherwise, programs at all. Everybody may write to it ({@code mode=1777}).
 * Immutable.
 *
 * @param destination absolute path in the container
 * @param maxBytes how much fits, or 0 for half of the memory ({@code tmpfs(5)})
 * @param executable whether programs in it may be run
 */
public record TmpfsMount(String destination, long maxBytes, boolean executable) {
  /**
   * Checks path and size.
   *
   * @throws IllegalArgumentException if the path is not absolute, has {@code ..} in it or is the
   *     root, or the size is negative
   */
  public TmpfsMount {
    destination = ContainerPath.mountPoint("tmpfs", destination);
    if (maxBytes < 0) {
      throw new IllegalArgumentException("a tmpfs of " + maxBytes + " bytes");
    }
  }

  /**
   * One without programs.
   *
   * @param destination absolute path in the container
   * @param maxBytes how much fits, or 0 for half of the memory
   * @throws IllegalArgumentException if path or size are not possible
   */
  public TmpfsMount(String destination, long maxBytes) {
    this(destination, maxBytes, false);
  }
}
