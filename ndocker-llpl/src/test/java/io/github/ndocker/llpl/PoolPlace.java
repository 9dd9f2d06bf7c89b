package io.github.ndocker.llpl;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * A place for pools that are quick to write: in memory where the host has such a place. Not a
 * TempDir, which lies where the build's temporary files do.
 */
record PoolPlace(Path parent) implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  static PoolPlace create() throws IOException {
    return new PoolPlace(
        Files.isWritable(MEMORY)
            ? Files.createTempDirectory(MEMORY, "ndocker-llpl-")
            : Files.createTempDirectory("ndocker-llpl-"));
  }

  /** The directory of a tier. */
  Path tier() {
    return parent.resolve("tier");
  }

  /** The pool that a new tier begins with. */
  Path pool() {
    return tier().resolve("pool-1");
  }

  /** What is in the directory of the tier, in order, without the random ends of names. */
  List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(tier())) {
      return files
          .map(file -> file.getFileName().toString().replaceFirst("-[0-9a-f]{16}$", "-*"))
          .sorted()
          .toList();
    }
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(tier())) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(tier())) {
        for (Path file : files) {
          Files.delete(file);
        }
      }
      Files.delete(tier());
    }
    Files.delete(parent);
  }
}
