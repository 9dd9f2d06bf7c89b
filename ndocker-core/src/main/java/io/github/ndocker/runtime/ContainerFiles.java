package io.github.ndocker.runtime;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a container sees besides its image. Immutable.
 *
 * @param readOnlyRoot whether nothing can be written but what is mounted here
 * @param binds files and directories of the host
 * @param tmpfs empty file systems in memory
 * @param volumes absolute paths in the container that get a directory of their own, with what the
 *     image has there; removed with the container. A bind or tmpfs at the same path replaces one
 */
public record ContainerFiles(
    boolean readOnlyRoot, List<BindMount> binds, List<TmpfsMount> tmpfs, List<String> volumes) {
  /** Nothing but the image. */
  public static final ContainerFiles NONE =
      new ContainerFiles(false, List.of(), List.of(), List.of());

  /** Each may copy what all others copy, if they lie in one another. */
  private static final int MAX_VOLUMES = 128;

  /**
   * Checks the paths.
   *
   * @throws IllegalArgumentException if two mounts have one destination, or a volume is not
   *     absolute, has {@code ..} in it, is the root, or in /proc, /sys or /dev, or there are more
   *     than 128
   */
  public ContainerFiles {
    binds = List.copyOf(binds);
    tmpfs = List.copyOf(tmpfs);
    volumes =
        volumes.stream().map(path -> ContainerPath.mountPoint("volume", path)).distinct().toList();
    if (volumes.size() > MAX_VOLUMES) {
      throw new IllegalArgumentException(
          volumes.size() + " volumes, of which there may be " + MAX_VOLUMES);
    }
    for (String volume : volumes) {
      if (ContainerPath.isOfTheKernel(volume)) {
        throw new IllegalArgumentException("volume '" + volume + "' would hide what is not files");
      }
    }
    Set<String> taken = new HashSet<>();
    for (BindMount bind : binds) {
      taken.add(bind.destination());
    }
    for (TmpfsMount mount : tmpfs) {
      taken.add(mount.destination());
    }
    if (taken.size() < binds.size() + tmpfs.size()) {
      throw new IllegalArgumentException("two mounts have one destination: " + binds + tmpfs);
    }
    volumes = volumes.stream().filter(volume -> !taken.contains(volume)).toList();
  }
}
