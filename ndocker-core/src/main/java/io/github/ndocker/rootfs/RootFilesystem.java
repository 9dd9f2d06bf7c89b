package io.github.ndocker.rootfs;

import io.github.ndocker.linux.Mounts;
import io.github.ndocker.linux.SystemCallException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mounted root filesystem: the image's read-only tree and, over it, a writable layer. Closing
 * unmounts it and removes its directories; closing twice is harmless. It outlives the process that
 * mounted it, if that ends without closing.
 */
public final class RootFilesystem implements Closeable {
  private static final Logger LOG = LoggerFactory.getLogger(RootFilesystem.class);
  private static final int BUSY_ATTEMPTS = 100;
  private static final int BUSY_MILLIS = 20;

  private final Path directory;
  private final Path image;
  private final Path root;
  private final WritableLayer writable;
  private boolean closed;

  RootFilesystem(Path directory, WritableLayer writable) {
    this.directory = directory;
    this.writable = writable;
    this.image = directory.resolve("image");
    this.root = directory.resolve("root");
  }

  /**
   * The tree a container runs in.
   *
   * @return absolute path
   */
  public Path root() {
    return root;
  }

  /**
   * The image's own tree, read-only, without the writable layer.
   *
   * @return absolute path
   */
  public Path image() {
    return image;
  }

  @Override
  public synchronized void close() throws IOException {
    if (closed) {
      return;
    }
    unmount(root);
    unmount(image);
    // one by one: whatever is still mounted there must not be emptied, nor its writable layer
    Files.deleteIfExists(root);
    Files.deleteIfExists(image);
    writable.delete();
    Files.deleteIfExists(directory);
    closed = true;
  }

  /**
   * Unmounts what may not be mounted yet. The kernel needs a moment to let go of the processes of a
   * container that was killed; a mount that stays busy is detached, and ends with its last user.
   */
  private static void unmount(Path mountPoint) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        Mounts.unmount(mountPoint);
        return;
      } catch (SystemCallException e) {
        // who may not unmount has not mounted either
        if (e.errno() == SystemCallException.EINVAL
            || e.errno() == SystemCallException.ENOENT
            || e.errno() == SystemCallException.EPERM) {
          return;
        }
        if (e.errno() != SystemCallException.EBUSY) {
          throw new MountException("cannot unmount " + mountPoint, e);
        }
        if (attempt == BUSY_ATTEMPTS) {
          LOG.warn("{} is still in use; it is detached and ends with its last user", mountPoint);
          Mounts.detach(mountPoint);
          return;
        }
      }
      try {
        TimeUnit.MILLISECONDS.sleep(BUSY_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        Mounts.detach(mountPoint);
        return;
      }
    }
  }
}
