package io.github.ndocker.rootfs;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How one root filesystem is to be. Immutable; begin with {@link #writableIn} or {@link
 * #READ_ONLY}.
 *
 * @param writable the directory, on whichever medium, that the writable layer is made in and
 *     removed from with the mount; empty for a root filesystem that nobody can write to
 * @param writableBytes how many bytes the writable layer may take; needs project quotas
 * @param selinuxContext the label that all of it gets, such as {@code
 *     system_u:object_r:container_file_t:s0:c1,c2}; on a kernel with SELinux
 * @param idMappings whose files the image's are on this host, for a container in a user namespace
 *     of that map; empty to leave the owners as they are. Needs Linux 5.19
 * @param ownTree whether the image's tree is mounted for this one alone, instead of one mount for
 *     all root filesystems of an image; a trace needs it
 * @param devices whether device nodes in it are devices: only for containers that a control group
 *     keeps from those of the host. What a runtime mounts on {@code /dev} needs no such thing
 */
public record RootfsOptions(
    Optional<Path> writable,
    OptionalLong writableBytes,
    Optional<String> selinuxContext,
    List<IdMapping> idMappings,
    boolean ownTree,
    boolean devices) {
  /** Nobody can write to it. */
  public static final RootfsOptions READ_ONLY =
      new RootfsOptions(
          Optional.empty(), OptionalLong.empty(), Optional.empty(), List.of(), false, false);

  /**
   * Checks the limit and copies the mappings.
   *
   * @throws IllegalArgumentException if the limit is not positive, or there is nothing to limit
   */
  public RootfsOptions {
    Objects.requireNonNull(writable, "writable");
    Objects.requireNonNull(selinuxContext, "selinuxContext");
    idMappings = List.copyOf(idMappings);
    if (writableBytes.isPresent() && (writable.isEmpty() || writableBytes.getAsLong() < 1)) {
      throw new IllegalArgumentException(
          "a limit of "
              + writableBytes.getAsLong()
              + " bytes for "
              + (writable.isEmpty() ? "a read-only root filesystem" : "a writable layer"));
    }
  }

  /**
   * With a writable layer.
   *
   * @param directory where it is made; made itself if missing
   * @return options
   */
  public static RootfsOptions writableIn(Path directory) {
    return new RootfsOptions(
        Optional.of(directory), OptionalLong.empty(), Optional.empty(), List.of(), false, false);
  }

  /**
   * The same, with a limit on the writable layer.
   *
   * @param bytes at most so many
   * @return a copy
   * @throws IllegalArgumentException if it is not positive, or nobody can write anyway
   */
  public RootfsOptions withWritableBytes(long bytes) {
    return new RootfsOptions(
        writable, OptionalLong.of(bytes), selinuxContext, idMappings, ownTree, devices);
  }

  /**
   * The same, with an SELinux label.
   *
   * @param context the label
   * @return a copy
   */
  public RootfsOptions withSelinuxContext(String context) {
    return new RootfsOptions(
        writable, writableBytes, Optional.of(context), idMappings, ownTree, devices);
  }

  /**
   * The same, for a container in a user namespace.
   *
   * @param mappings the namespace's map, for users and groups alike
   * @return a copy
   */
  public RootfsOptions withIdMappings(List<IdMapping> mappings) {
    return new RootfsOptions(writable, writableBytes, selinuxContext, mappings, ownTree, devices);
  }

  /**
   * The same, with a mount of the image's tree that nothing else uses.
   *
   * @return a copy
   */
  public RootfsOptions withOwnTree() {
    return new RootfsOptions(writable, writableBytes, selinuxContext, idMappings, true, devices);
  }

  /**
   * The same, with device nodes that are devices.
   *
   * @return a copy
   */
  public RootfsOptions withDevices() {
    return new RootfsOptions(writable, writableBytes, selinuxContext, idMappings, ownTree, true);
  }
}
