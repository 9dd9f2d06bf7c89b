package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.evaluation.host.Shutdown;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** A directory in memory for the disks and all that is beside them. Closing removes it. */
final class Lab implements Closeable {
  private final Path memory;
  private final String registry;
  private final Path images;
  private final AtomicInteger names = new AtomicInteger();

  private Lab(Path memory, String registry, Path images) {
    this.memory = memory;
    this.registry = registry;
    this.images = images;
  }

  /**
   * Makes one.
   *
   * @param tmpfs a directory in memory
   * @param registry host and port of one that images may be pushed to
   * @param images an OCI layout of real ones
   */
  static Lab in(Path tmpfs, String registry, Path images) throws IOException {
    return new Lab(Files.createTempDirectory(tmpfs, "ndocker-faults-"), registry, images);
  }

  String registry() {
    return registry;
  }

  Path images() {
    return images;
  }

  /** A new disk, to be closed by the caller. */
  Shutdown.Closed<Disk> disk(long bytes, String... options) throws IOException {
    return Shutdown.open(
        () -> Disk.create(memory, "disk" + names.incrementAndGet(), bytes, options));
  }

  /** A directory that nothing happens to. */
  Path side() throws IOException {
    return Files.createDirectory(memory.resolve("side" + names.incrementAndGet()));
  }

  @Override
  public void close() throws IOException {
    HostCommand.run("rm", "-rf", "--one-file-system", memory.toString());
  }
}
