package io.github.ndocker.llpl;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A directory for pools that are quick to write: in memory where the host has such a place. Not a
 * TempDir, which lies where the build's temporary files do.
 */
record PoolPlace(Path directory) implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  static PoolPlace create() throws IOException {
    return new PoolPlace(
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "ndocker-llpl-")
            : Files.createTempDirectory("ndocker-llpl-"));
  }

  Path pool() {
    return directory.resolve("pool");
  }

  @Override
  public void close() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    Files.delete(directory);
  }
}
