package io.github.ndocker.rootfs;

import io.github.ndocker.linux.Mounts;
import io.github.ndocker.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts the tree of an image in the best way that works. A way that does not is tried again the
 * next time: that costs next to nothing, and one image may lie where another does not. Thread-safe.
 */
final class TreeWays {
  private static final Logger LOG = LoggerFactory.getLogger(TreeWays.class);
  private static final Path LOOP_CONTROL = Path.of("/dev/loop-control");

  /** What the kernel says when it cannot do it in this way, rather than not with this image. */
  private static final Set<Integer> OBSTACLES =
      Set.of(
          SystemCallException.EPERM,
          SystemCallException.EACCES,
          SystemCallException.ENOTBLK,
          SystemCallException.ENODEV,
          SystemCallException.ENXIO,
          // also what it says of a superblock that is none; the next way finds that out as well
          SystemCallException.EINVAL,
          SystemCallException.ENOSYS,
          SystemCallException.EOPNOTSUPP);

  private final List<RootfsWay> ways;
  private final UnpackedTrees unpacked;
  private final Map<RootfsWay, String> obstacles = new EnumMap<>(RootfsWay.class);

  TreeWays(List<RootfsWay> ways, UnpackedTrees unpacked) {
    this.ways = List.copyOf(ways);
    this.unpacked = unpacked;
  }

  boolean allow(RootfsWay way) {
    return ways.contains(way);
  }

  /** Says in which way. */
  RootfsWay mount(ErofsSource source, Path directory, SuperblockListener listener)
      throws IOException {
    List<IOException> failures = new ArrayList<>();
    Map<RootfsWay, String> found = new EnumMap<>(RootfsWay.class);
    for (RootfsWay way : ways) {
      try {
        mount(way, source, directory, listener);
        remember(way, found);
        return way;
      } catch (SystemCallException e) {
        if (!OBSTACLES.contains(e.errno())) {
          throw e;
        }
        found.put(way, e.getMessage() + advice(e));
        failures.add(e);
      } catch (ObstacleException e) {
        found.put(way, e.getMessage());
        failures.add(e);
      }
    }
    MountException refused =
        new MountException(
            "cannot mount "
                + source.metadata()
                + ": "
                + String.join(
                    "; ",
                    found.entrySet().stream()
                        .map(entry -> entry.getKey().words() + ": " + entry.getValue())
                        .toList()),
            failures.get(0));
    failures.stream().skip(1).forEach(refused::addSuppressed);
    throw refused;
  }

  private void mount(RootfsWay way, ErofsSource source, Path directory, SuperblockListener listener)
      throws IOException {
    switch (way) {
      case EROFS_FILES -> ErofsMount.mountFiles(source, directory, listener);
      case EROFS_LOOP_DEVICES -> {
        if (Files.notExists(LOOP_CONTROL)) {
          throw new ObstacleException("there is no " + LOOP_CONTROL);
        }
        ErofsMount.mountLoopDevices(source, directory, listener);
      }
      case DIRECTORIES -> Mounts.bindReadOnly(unpacked.of(source), directory);
    }
  }

  private static String advice(SystemCallException refused) {
    return switch (refused.errno()) {
      case SystemCallException.EPERM -> "; mounting needs root";
      case SystemCallException.ENODEV -> "; this kernel has no EROFS";
      case SystemCallException.ENOTBLK ->
          "; this kernel mounts no EROFS image that is a file there";
      default -> "";
    };
  }

  /** A worse way has worked, so it was not the image. */
  private synchronized void remember(RootfsWay worked, Map<RootfsWay, String> found) {
    obstacles.remove(worked);
    found.forEach(
        (way, reason) -> {
          if (!reason.equals(obstacles.put(way, reason))) {
            LOG.warn(
                "root filesystems are mounted as {}: {}: {}", worked.words(), way.words(), reason);
          }
        });
  }

  synchronized Map<RootfsWay, String> obstacles() {
    return Map.copyOf(obstacles);
  }

  /** Something that no system call has said. */
  private static final class ObstacleException extends IOException {
    private static final long serialVersionUID = 1L;

    ObstacleException(String message) {
      super(message);
    }
  }
}
