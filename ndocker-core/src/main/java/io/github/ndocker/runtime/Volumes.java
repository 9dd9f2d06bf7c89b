package io.github.ndocker.runtime;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.linux.Descriptor;
import io.github.ndocker.linux.RootedFile;
import io.github.ndocker.rootfs.IdMapping;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Directories on the host for the volumes of a container that nothing else is mounted on. Each
 * begins as a copy of what the image has at its path, as in Docker. Links are copied, not followed;
 * device nodes, pipes and sockets are left out.
 */
final class Volumes {
  /** A sparse file of an image is written in full: no start is to fill the host's disk. */
  private static final long MOST_BYTES = 4L << 30;

  private final Path root;
  private final Path directory;
  private final List<IdMapping> mappings;
  private long copied;

  /**
   * Chooses the places.
   *
   * @param directory made if there are volumes; what must not be looked into by others
   */
  Volumes(Path root, Path directory, List<IdMapping> mappings) {
    this.root = root;
    this.directory = directory;
    this.mappings = mappings;
  }

  /** The directories, in the order of the paths. */
  List<Path> create(List<String> paths) throws IOException {
    List<Path> made = new ArrayList<>();
    if (!paths.isEmpty()) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      OptionalLong group = MappedIds.onHost(mappings, 0);
      if (!mappings.isEmpty() && group.isPresent()) {
        // the mapped root must get through, and nobody else: what is in it may be set-user-ID
        Files.setAttribute(directory, "unix:gid", (int) group.getAsLong());
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x---"));
      }
    }
    for (String path : paths) {
      Path volume = directory.resolve(Integer.toString(made.size()));
      Optional<Descriptor> found = RootedFile.find(root, path.substring(1));
      if (found.isEmpty()) {
        Files.createDirectory(volume);
        Files.setPosixFilePermissions(volume, PosixFilePermissions.fromString("rwxr-xr-x"));
        giveToRoot(volume);
      } else {
        try (Descriptor initial = found.get()) {
          if (!Files.isDirectory(initial.path())) {
            throw new NDockerException(
                "volume " + path + " is no directory in the image; mount something else there");
          }
          copy(initial.path().resolve("."), volume);
        }
      }
      made.add(volume);
    }
    return made;
  }

  /** The owner that the container sees as root. */
  private void giveToRoot(Path volume) throws IOException {
    OptionalLong owning = MappedIds.onHost(mappings, 0);
    if (owning.isPresent()) {
      int owner = (int) owning.getAsLong();
      Files.setAttribute(volume, "unix:uid", owner, LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(volume, "unix:gid", owner, LinkOption.NOFOLLOW_LINKS);
    }
  }

  private void copy(Path from, Path to) throws IOException {
    Files.walkFileTree(
        from,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
              throws IOException {
            return copyOne(path);
          }

          @Override
          public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
              throws IOException {
            return attributes.isOther() ? FileVisitResult.CONTINUE : copyOne(path);
          }

          private FileVisitResult copyOne(Path path) throws IOException {
            copied += Files.isSymbolicLink(path) ? 0 : Files.size(path);
            if (copied > MOST_BYTES) {
              throw new NDockerException(
                  "the image has more than "
                      + MOST_BYTES
                      + " bytes in its volumes, too many to copy; mount something else there");
            }
            Files.copy(
                path,
                to.resolve(from.relativize(path).toString()),
                StandardCopyOption.COPY_ATTRIBUTES,
                LinkOption.NOFOLLOW_LINKS);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
