package io.github.ndocker.rootfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Directories that only their owner may enter. */
final class PrivateDirectory {
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

  private PrivateDirectory() {}

  /** Makes a directory, and those above it, if they are missing. */
  static Path create(Path path) throws IOException {
    return Files.createDirectories(path, OWNER_ONLY);
  }

  /** Makes a directory that is not there yet. */
  static Path createNew(Path path) throws IOException {
    return Files.createDirectory(path, OWNER_ONLY);
  }
}
