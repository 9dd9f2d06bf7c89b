package io.github.ndocker.engine;

import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.runtime.Container;
import java.io.Closeable;
import java.io.IOException;

/**
 * A container and the root filesystem it runs in. Closing ends the one and unmounts the other, also
 * from another thread than the one that waits for it.
 */
public final class RunningContainer implements Closeable {
  private final Container container;
  private final RootFilesystem rootfs;
  private final BundleDirectory bundle;

  RunningContainer(Container container, RootFilesystem rootfs, BundleDirectory bundle) {
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
  public synchronized void close() throws IOException {
    // while something of it may run, nothing it can reach is deleted
    container.close();
    try (rootfs) {
      bundle.close();
    }
  }
}
