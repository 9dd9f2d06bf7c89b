package io.github.ndocker.llpl;

import com.intel.pmem.llpl.Heap;
import com.intel.pmem.llpl.HeapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pools that this process has mapped. LLPL cannot close a heap: it stays mapped, and locked
 * against other processes, until the JVM exits. So opening a pool again finds the same heap.
 */
final class MappedPools {
  private static final Map<Path, Mapped> MAPPED = new HashMap<>();
  // what pmemobj_open says when it is not the pool's fault
  private static final List<String> FAULTS_OF_THE_HOST =
      List.of("Permission denied", "Cannot allocate memory", "Too many open files");

  private record Mapped(Heap heap, Object fileKey) {}

  private MappedPools() {}

  /**
   * Opens a pool. One that this process has not mapped is examined first, and tried in another JVM
   * if the last attempt may have failed.
   *
   * @param path the real path
   * @throws DamagedPoolException if it is not a pool or must not be mapped
   * @throws UnsupportedPoolException if it is of a later version
   * @throws PoolInUseException if another process has it
   */
  static Pool open(Path path) throws IOException {
    synchronized (MAPPED) {
      Mapped mapped = MAPPED.get(path);
      if (mapped != null) {
        if (!mapped.fileKey().equals(TierLock.keyOf(path))) {
          throw new IOException(
              path + " was replaced while this process had it mapped; restart the process");
        }
        return Pool.load(path, mapped.heap());
      }
      examine(path);
      MappingNote note = new MappingNote(path);
      note.remove();
      Heap heap = map(path);
      MAPPED.put(path, new Mapped(heap, TierLock.keyOf(path)));
      Pool pool = Pool.load(path, heap);
      note.write();
      return pool;
    }
  }

  /** Creates a pool and opens it. */
  static Pool create(Path path, PoolCreation creation, int id) throws IOException {
    synchronized (MAPPED) {
      Heap heap = creation.create(path, id);
      MAPPED.put(path, new Mapped(heap, TierLock.keyOf(path)));
      Pool pool = Pool.load(path, heap);
      new MappingNote(path).write();
      return pool;
    }
  }

  private static void examine(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new DamagedPoolException(path, "not a regular file");
    }
    switch (PoolCheck.of(path)) {
      case DAMAGED -> throw new DamagedPoolException(path, "pmempool finds it not consistent");
      case IN_USE -> throw new PoolInUseException(path);
      case SOUND, UNKNOWN -> {
        MappingNote note = new MappingNote(path);
        if (!note.holds() && PoolProbe.isPossible()) {
          PoolProbe.requireSound(path);
        } else if (!note.isThere()) {
          throw new DamagedPoolException(
              path, "the last attempt to map it may have killed the process");
        }
      }
    }
  }

  /** Maps a pool, come what may. */
  static Heap map(Path path) throws IOException {
    try {
      return Heap.openHeap(path.toString());
    } catch (HeapException e) {
      String message = String.valueOf(e.getMessage());
      // EWOULDBLOCK of the lock that PMDK takes on the file
      if (message.contains("temporarily unavailable") || message.contains("already open")) {
        throw new PoolInUseException(path, e);
      }
      if (FAULTS_OF_THE_HOST.stream().anyMatch(message::contains)) {
        throw new IOException("cannot map " + path + ": " + message, e);
      }
      throw new DamagedPoolException(path, message, e);
    }
  }
}
