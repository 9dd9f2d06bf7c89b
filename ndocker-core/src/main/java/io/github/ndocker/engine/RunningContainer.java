package io.github.ndocker.engine;

import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.runtime.Container;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A container and the root filesystem it runs in. Closing ends the one and unmounts the other. For
 * one thread.
 */
public final class RunningContainer implements Closeable {
  private final Container container;
  private final RootFilesystem rootfs;
  private final Path bundle;

  RunningContainer(Container container, RootFilesystem rootfs, Path bundle) {
    this.container = container;
    this.rootfs = rootfs;
    this.bundle = bundle;
  }

  /**
   * The container.
   *
   * @return not to be closed by the caller
   */
  public Container container() {
    return container;
  }

  /**
   * Its root filesystem.
   *
   * @return not to be closed by the caller
   */
  public RootFilesystem rootfs() {
    return rootfs;
  }

  @Override
  public void close() throws IOException {
    try (rootfs) {
      container.close();
      Files.deleteIfExists(bundle.resolve("config.json"));
      Files.deleteIfExists(bundle.resolve("output.log"));
      Files.deleteIfExists(bundle);
    }
  }
}
