package io.github.ndocker.llpl;

import com.intel.pmem.llpl.HeapException;
import com.intel.pmem.llpl.PersistentHeap;
import io.github.ndocker.api.TierFullException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/**
 * A pool file that this process has mapped.
 *
 * <p>LLPL cannot close a heap: it stays mapped, and locked against other processes, until the JVM
 * exits. So the mapped ones are remembered here, and opening a pool again finds the same heap.
 */
final class PoolFile {
  private static final Map<Path, PoolFile> MAPPED = new HashMap<>();
  private static final String BEING_CREATED = ".creating-";

  private final Path path;
  private final PersistentHeap heap;
  private final Object fileKey;
  private boolean inUse = true;

  private PoolFile(Path path, PersistentHeap heap) throws IOException {
    this.path = path;
    this.heap = heap;
    this.fileKey = keyOf(path);
  }

  /** Opens a pool, or creates it with a directory for so many bytes of blobs. */
  static PoolFile open(Path pool, long capacityBytes) throws IOException {
    long minimum = LlplLibrary.load();
    Path parent = Objects.requireNonNull(pool.toAbsolutePath().normalize().getParent(), "parent");
    if (!Files.isDirectory(parent)) {
      Path above = parent.getParent();
      if (above != null) {
        Files.createDirectories(above);
      }
      Files.createDirectory(
          parent,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    Path canonical = parent.toRealPath().resolve(String.valueOf(pool.getFileName()));
    synchronized (MAPPED) {
      PoolFile mapped = MAPPED.get(canonical);
      if (mapped != null && Files.exists(canonical)) {
        mapped.reuse();
        return mapped;
      }
      PoolFile opened =
          Files.exists(canonical)
              ? new PoolFile(canonical, map(canonical))
              : create(canonical, minimum, capacityBytes);
      MAPPED.put(canonical, opened);
      return opened;
    }
  }

  private void reuse() throws IOException {
    if (inUse) {
      throw new PoolInUseException(path);
    }
    if (!fileKey.equals(keyOf(path))) {
      throw new IOException(
          path + " was replaced while this process had it mapped; restart the process to use it");
    }
    inUse = true;
  }

  private static PersistentHeap map(Path pool) throws IOException {
    if (!Files.isRegularFile(pool)) {
      throw new DamagedPoolException(pool, "not a regular file");
    }
    try {
      return PersistentHeap.openHeap(pool.toString());
    } catch (HeapException e) {
      String message = String.valueOf(e.getMessage());
      // EWOULDBLOCK of the lock that PMDK takes on the file
      if (message.contains("temporarily unavailable") || message.contains("already open")) {
        throw new PoolInUseException(pool, e);
      }
      throw new DamagedPoolException(pool, message, e);
    }
  }

  private static PoolFile create(Path pool, long minimum, long capacityBytes) throws IOException {
    long size = Math.max(minimum, PoolDirectory.heapSizeFor(capacityBytes));
    discardHalfCreated(pool);
    // a file too large for the medium would be sparse, and a store to a hole is a crash
    long usable = Files.getFileStore(directoryOf(pool)).getUsableSpace();
    if (size > usable) {
      throw new TierFullException(directoryOf(pool).toString(), size, usable);
    }
    // under another name until it is complete, so that a crash leaves no half of a pool. The name
    // is never used again, because LLPL knows heaps by name for ever.
    Path incomplete = pool.resolveSibling(pool.getFileName() + BEING_CREATED + UUID.randomUUID());
    boolean created = false;
    try {
      PersistentHeap heap = PersistentHeap.createHeap(incomplete.toString(), size);
      PoolDirectory.format(heap, size, capacityBytes);
      Files.setPosixFilePermissions(incomplete, PosixFilePermissions.fromString("rw-------"));
      sync(incomplete);
      // unlike a rename, a link never replaces a pool that somebody else created meanwhile
      Files.createLink(pool, incomplete);
      created = true;
      return new PoolFile(pool, heap);
    } catch (HeapException e) {
      throw new IOException("cannot create a pool of " + size + " bytes at " + pool + ": " + e, e);
    } finally {
      Files.deleteIfExists(incomplete);
      if (created) {
        try (FileChannel directory = FileChannel.open(directoryOf(pool), StandardOpenOption.READ)) {
          directory.force(true);
        }
      }
    }
  }

  private static void discardHalfCreated(Path pool) throws IOException {
    try (DirectoryStream<Path> leftovers =
        Files.newDirectoryStream(
            directoryOf(pool),
            file ->
                String.valueOf(file.getFileName())
                    .startsWith(pool.getFileName() + BEING_CREATED))) {
      for (Path leftover : leftovers) {
        Files.delete(leftover);
      }
    }
  }

  private static Path directoryOf(Path pool) {
    return Objects.requireNonNull(pool.getParent(), "parent");
  }

  private static Object keyOf(Path path) throws IOException {
    return Objects.requireNonNull(
        Files.readAttributes(path, BasicFileAttributes.class).fileKey(), "fileKey");
  }

  /** Forces the pool's dirty pages to the medium. Not through NIO: an interrupt cannot stop it. */
  static void sync(Path pool) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(pool.toFile(), "rw")) {
      file.getFD().sync();
    }
  }

  Path path() {
    return path;
  }

  PersistentHeap heap() {
    return heap;
  }

  /** Lets this process open the pool again. */
  void release() {
    synchronized (MAPPED) {
      inUse = false;
    }
  }
}
