package io.github.ndocker.examples.cli;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A place in memory for the pools of a test that starts containers of the given images. */
record PoolsInMemory(Path directory) implements AutoCloseable {
  private static final Path MEMORY = Path.of("/dev/shm");

  /** Skips the test on a host that can start none. */
  static PoolsInMemory onAHostForContainers() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "containers need root");
    assumeTrue(Files.isDirectory(MEMORY), "this host has no /dev/shm");
    assumeTrue(
        !System.getProperty("ndocker.images", "").isEmpty(), "no images given in ndocker.images");
    return new PoolsInMemory(Files.createTempDirectory(MEMORY, "ndocker-pools-"));
  }

  /** The directory of a tier. */
  Path pools() {
    return directory.resolve("pools");
  }

  @Override
  public void close() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
