package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * One process's ownership of a store: a lock on a file in its state directory, which the kernel
 * drops when the process ends, however it ends. The file holds the owner's process ID for people.
 */
public final class StoreLock implements Closeable {
  private static final String FILE = "lock";
  private static final int LONGEST_PID = 20;

  /**
   * What this process owns. Asked before the file is opened: POSIX drops a process's lock when the
   * process closes any descriptor of the file, even one that never had the lock.
   */
  private static final Set<Path> OWNED = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private StoreLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes ownership, without waiting.
   *
   * @param stateDirectory created if missing, for the owner alone
   * @return the ownership; closing it gives it back
   * @throws StoreInUseException if somebody else has it
   * @throws IOException if the directory cannot be created or written
   */
  public static StoreLock acquire(Path stateDirectory) throws IOException {
    BlobDirectory.createPrivate(stateDirectory);
    Path directory = stateDirectory.toRealPath();
    if (!OWNED.add(directory)) {
      throw new StoreInUseException(stateDirectory, OptionalLong.of(ProcessHandle.current().pid()));
    }
    boolean owned = false;
    try {
      StoreLock lock = new StoreLock(directory, lock(directory));
      owned = true;
      return lock;
    } finally {
      if (!owned) {
        OWNED.remove(directory);
      }
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    // never deleted: a lock on an unlinked file would exclude nobody
    FileChannel channel =
        FileChannel.open(
            directory.resolve(FILE),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    boolean owned = false;
    try {
      if (channel.tryLock() == null) {
        throw new StoreInUseException(directory, ownerOf(channel));
      }
      channel.truncate(0);
      channel.write(ByteBuffer.wrap((ProcessHandle.current().pid() + "\n").getBytes(US_ASCII)), 0);
      owned = true;
      return channel;
    } finally {
      if (!owned) {
        channel.close();
      }
    }
  }

  private static OptionalLong ownerOf(FileChannel channel) throws IOException {
    ByteBuffer text = ByteBuffer.allocate(LONGEST_PID);
    channel.read(text, 0);
    try {
      return OptionalLong.of(
          Long.parseLong(new String(text.array(), 0, text.position(), US_ASCII).strip()));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  @Override
  public void close() throws IOException {
    if (channel.isOpen()) {
      channel.close();
      OWNED.remove(directory);
    }
  }
}
