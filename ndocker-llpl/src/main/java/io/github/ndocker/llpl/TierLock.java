package io.github.ndocker.llpl;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Whose a directory of pools is. The lock on its file is kept until the JVM exits, as the pools
 * stay mapped until then; within the JVM it goes from one tier to the next.
 */
final class TierLock {
  private static final String FILE = "lock";
  private static final Map<Path, TierLock> LOCKED = new HashMap<>();

  private final Path file;
  private final Object key;
  private boolean inUse;

  private TierLock(Path file) throws IOException {
    this.file = file;
    this.key = keyOf(file);
  }

  /**
   * Takes the lock, without waiting.
   *
   * @param directory the real path
   * @throws PoolInUseException if another tier has it
   */
  static TierLock acquire(Path directory) throws IOException {
    synchronized (LOCKED) {
      TierLock lock = LOCKED.get(directory);
      if (lock == null || !lock.isThere()) {
        lock(directory);
        lock = new TierLock(directory.resolve(FILE));
        LOCKED.put(directory, lock);
      } else if (lock.inUse) {
        throw new PoolInUseException(directory);
      }
      lock.inUse = true;
      return lock;
    }
  }

  private static void lock(Path directory) throws IOException {
    // never closed once it is locked: POSIX drops a lock with any descriptor of the file
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean locked = false;
    try {
      locked = channel.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      throw new PoolInUseException(directory, e);
    } finally {
      if (!locked) {
        channel.close();
      }
    }
    if (!locked) {
      throw new PoolInUseException(directory);
    }
  }

  /** Whether the file that was locked is still there. */
  private boolean isThere() throws IOException {
    return Files.exists(file) && key.equals(keyOf(file));
  }

  /** What tells a file from another one that has its name later. */
  static Object keyOf(Path file) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(file, BasicFileAttributes.class).fileKey(), "fileKey");
  }

  /** Lets another tier of this process have the directory. */
  void release() {
    synchronized (LOCKED) {
      inUse = false;
    }
  }
}
