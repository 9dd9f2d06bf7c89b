package io.github.ndocker.rootfs;

import java.util.List;
import java.util.stream.Collectors;

/**
 * One line of a user namespace's map ({@code user_namespaces(7)}): a range of user and group IDs of
 * a container, and the IDs of the host that they are. Immutable.
 *
 * @param containerId first ID in the container
 * @param hostId first ID on the host
 * @param size how many, at least 1
 */
public record IdMapping(long containerId, long hostId, long size) {
  /** The highest ID there is; the next number means "no change". */
  private static final long MAX_ID = 0xFFFF_FFFEL;

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException if one is empty, or leaves the range of IDs
   */
  public IdMapping {
    if (size < 1
        || containerId < 0
        || hostId < 0
        || containerId > MAX_ID + 1 - size
        || hostId > MAX_ID + 1 - size) {
      throw new IllegalArgumentException(
          "a mapping of " + size + " IDs from " + containerId + " to " + hostId);
    }
  }

  /** The map as the kernel reads it. */
  static String map(List<IdMapping> mappings) {
    return mappings.stream()
        .map(line -> line.containerId + " " + line.hostId + " " + line.size + "\n")
        .collect(Collectors.joining());
  }

  /** What the container's root is on the host; the host's root, who may do all, if it is nobody. */
  static long rootOnHost(List<IdMapping> mappings) {
    return mappings.stream()
        .filter(line -> line.containerId == 0)
        .mapToLong(IdMapping::hostId)
        .findFirst()
        .orElse(0);
  }
}
