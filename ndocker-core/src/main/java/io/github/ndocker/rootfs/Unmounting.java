package io.github.ndocker.rootfs;

import io.github.ndocker.linux.Mounts;
import io.github.ndocker.linux.SystemCallException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends mounts of this library. */
final class Unmounting {
  private static final Logger LOG = LoggerFactory.getLogger(Unmounting.class);
  private static final int BUSY_ATTEMPTS = 100;
  private static final int BUSY_MILLIS = 20;

  private Unmounting() {}

  /**
   * Unmounts what may not be mounted yet. The kernel needs a moment to let go of the processes of a
   * container that was killed; a mount that stays busy is detached, and ends with its last user.
   */
  static void unmount(Path mountPoint) throws IOException {
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
