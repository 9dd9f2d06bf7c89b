package io.github.ndocker.llpl;

import com.intel.pmem.llpl.Heap;
import com.intel.pmem.llpl.HeapException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pools that this process has mapped. LLPL cannot close a heap: it stays mapped, and locked
 * against other processes, until the JVM exits. So opening a pool again finds the same heap.
 */
final class MappedPools {
  private static final Map<Path, Mapped> MAPPED = new HashMap<>();
  private static final Logger LOG = LoggerFactory.getLogger(MappedPools.class);
  // what pmemobj_open says when it is not the pool's fault
  private static final List<String> FAULTS_OF_THE_HOST =
      List.of("Permission denied", "Cannot allocate memory", "Too many open files");

  // what LLPL calls the kind of heap that was used then
  private static final String FIRST_VERSION = "llpl_persistent_heap";

  private record Mapped(Heap heap, Object fileKey) {}

  private MappedPools() {}

  /**
   * Opens a pool. One that this process has not mapped is examined first, and tried in another JVM
   * unless it is as it was when it was closed.
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
        new ClosingNote(path).remove();
        return Pool.load(path, mapped.heap());
      }
      examine(path);
      ClosingNote note = new ClosingNote(path);
      note.begin();
      Heap heap = map(path);
      MAPPED.put(path, new Mapped(heap, TierLock.keyOf(path)));
      Pool pool = Pool.load(path, heap);
      note.remove();
      return pool;
    }
  }

  /** Creates a pool and opens it. */
  static Pool create(Path path, PoolCreation creation, int id) throws IOException {
    synchronized (MAPPED) {
      Heap heap = creation.create(path, id);
      MAPPED.put(path, new Mapped(heap, TierLock.keyOf(path)));
      return Pool.load(path, heap);
    }
  }

  private static void examine(Path path) throws IOException {
    if (!Files.isRegularFile(path)) {
      throw new DamagedPoolException(path, "not a regular file");
    }
    switch (PoolCheck.of(path)) {
      case DAMAGED -> throw new DamagedPoolException(path, "pmempool finds it not consistent");
      case IN_USE -> throw new PoolInUseException(path);
      case SOUND, UNKNOWN -> {}
    }
    switch (new ClosingNote(path).read()) {
      case CLOSED -> {}
      case CHANGED -> throw new DamagedPoolException(path, "it has changed since it was closed");
      case BEING_MAPPED -> {
        if (!PoolProbe.survives(path)) {
          throw new DamagedPoolException(path, "a process may have died of mapping it");
        }
      }
      case UNKNOWN -> {
        if (!PoolProbe.survives(path)) {
          LOG.debug("no other JVM can be started to try {}", path);
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
      if (message.contains(FIRST_VERSION)) {
        throw new UnsupportedPoolException(path, "is a pool of the first version");
      }
      throw new DamagedPoolException(path, message, e);
    }
  }
}
