package io.github.ndocker.rootfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.linux.Boot;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A directory for one mount: the mount point and small files that say what it is, for the next
 * process that looks after it. They are never forced: after a power cut nothing is mounted, which
 * the boot tells, or its absence.
 *
 * @param path the directory
 */
record MountDirectory(Path path) {
  private static final String BOOT = "boot";

  /** Makes it; a directory of that name is somebody else's. */
  static MountDirectory create(Path path) throws IOException {
    MountDirectory made = new MountDirectory(PrivateDirectory.createNew(path));
    boolean complete = false;
    try {
      made.write(BOOT, Boot.id());
      complete = true;
    } finally {
      if (!complete) {
        made.delete();
      }
    }
    return made;
  }

  /** Those of a directory. */
  static List<MountDirectory> list(Path parent) throws IOException {
    List<MountDirectory> found = new ArrayList<>();
    try (DirectoryStream<Path> directories = Files.newDirectoryStream(parent)) {
      directories.forEach(directory -> found.add(new MountDirectory(directory)));
    }
    return found;
  }

  String name() {
    return String.valueOf(path.getFileName());
  }

  /** Whether it was made since the host started. */
  boolean isOfThisBoot() throws IOException {
    return read(BOOT).equals(Optional.of(Boot.id()));
  }

  Path file(String name) {
    return path.resolve(name);
  }

  void write(String name, String text) throws IOException {
    Files.write(file(name), text.getBytes(UTF_8));
  }

  Optional<String> read(String name) throws IOException {
    return Files.isRegularFile(file(name))
        ? Optional.of(new String(Files.readAllBytes(file(name)), UTF_8))
        : Optional.empty();
  }

  Path makeMountPoint(String name) throws IOException {
    try {
      return Files.createDirectory(file(name));
    } catch (FileAlreadyExistsException e) {
      throw new MountException("there is a mount point already: " + file(name), e);
    }
  }

  /**
   * Removes it, with the files and the empty mount points in it; whatever is still mounted there
   * must not be emptied.
   */
  void delete() throws IOException {
    if (Files.notExists(path)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(path);
  }
}
