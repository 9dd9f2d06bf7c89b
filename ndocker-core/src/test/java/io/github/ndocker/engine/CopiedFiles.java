package io.github.ndocker.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** A directory as it is at this moment: what a crash of its owner would leave. */
final class CopiedFiles {
  private CopiedFiles() {}

  static void copy(Path from, Path to) throws IOException {
    Files.createDirectories(to.toAbsolutePath().getParent());
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        // SQLite's index of its journal is made again
        if (!file.toString().endsWith("-shm")) {
          Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
