package io.github.ndocker.rootfs;

import java.io.IOException;
import java.nio.file.Path;

/** Looks at the tree of an image while it is mounted. */
@FunctionalInterface
public interface TreeLook {
  /**
   * Called once for each mount of the tree, which stays until this returns.
   *
   * @param tree the mount point, read-only
   * @throws IOException to end the look
   */
  void at(Path tree) throws IOException;
}
