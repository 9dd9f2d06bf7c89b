package io.github.ndocker.llpl;

import com.intel.pmem.llpl.Heap;
import com.intel.pmem.llpl.HeapException;
import io.github.ndocker.llpl.ClosingNote.Span;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** An open pool: a file, mapped as a heap, with a directory of blobs and arenas for their bytes. */
final class Pool {
  private final Path path;
  private final int id;
  private final PoolDirectory directory;
  private final List<Arena> arenas;
  private boolean syncFailed;

  private Pool(Path path, int id, PoolDirectory directory, List<Arena> arenas) {
    this.path = path;
    this.id = id;
    this.directory = directory;
    this.arenas = List.copyOf(arenas);
  }

  /**
   * Reads what a heap has at its root.
   *
   * @throws UnsupportedPoolException if it is of a later version
   * @throws DamagedPoolException if it is not a pool
   */
  static Pool load(Path path, Heap heap) throws IOException {
    long end = path.toFile().length();
    try {
      HeapBlock root = blockAt(path, heap, heap.getRoot(), end);
      if (root.size() < PoolHeader.BYTES) {
        throw new DamagedPoolException(path, "its root is too small");
      }
      PoolHeader header = PoolHeader.decode(path, root.get(0, PoolHeader.BYTES));
      if (header.fileBytes() != end) {
        throw new DamagedPoolException(path, "it has " + end + " bytes, not " + header.fileBytes());
      }
      List<Arena> arenas = new ArrayList<>();
      for (long handle : header.arenas()) {
        arenas.add(new Arena(blockAt(path, heap, handle, end)));
      }
      PoolDirectory directory =
          new PoolDirectory(heap, blockAt(path, heap, header.directory(), end));
      return new Pool(path, header.id(), directory, arenas);
    } catch (InternalError e) {
      // how the JVM reports that the medium did not have a page
      throw new DamagedPoolException(path, "it cannot be read: " + e.getMessage(), e);
    }
  }

  private static HeapBlock blockAt(Path path, Heap heap, long handle, long end)
      throws DamagedPoolException {
    // before LLPL reads the block's size there, unchecked
    if (handle < HeapBlock.HEADER || handle > end - HeapBlock.HEADER) {
      throw new DamagedPoolException(path, "a block at " + handle + " of " + end);
    }
    try {
      HeapBlock block = new HeapBlock(heap.memoryBlockFromHandle(handle));
      if (block.size() > end - block.fileOffset()) {
        throw new DamagedPoolException(path, "a block of " + block.size() + " bytes");
      }
      return block;
    } catch (HeapException | IllegalArgumentException e) {
      throw new DamagedPoolException(path, "no block at " + handle, e);
    }
  }

  Path path() {
    return path;
  }

  int id() {
    return id;
  }

  PoolDirectory directory() {
    return directory;
  }

  List<Arena> arenas() {
    return arenas;
  }

  long pages() {
    return arenas.stream().mapToLong(Arena::pages).sum();
  }

  /** Notes that the pool is closed; nothing writes to it any more. */
  void close() throws IOException {
    List<Span> used = new ArrayList<>(List.of(directory.span()));
    for (Arena arena : arenas) {
      long from = arena.firstFilePage() * PageRange.PAGE;
      used.add(new Span(from, from + arena.pages() * PageRange.PAGE));
    }
    used.sort(Comparator.comparingLong(Span::from));
    List<Span> others = new ArrayList<>();
    long from = 0;
    for (Span span : used) {
      others.add(new Span(from, span.from()));
      from = span.to();
    }
    others.add(new Span(from, path.toFile().length()));
    new ClosingNote(path).write(others);
  }

  /**
   * Forces the pool's dirty pages to the medium. Once that has failed it always fails, because the
   * kernel forgets what it could not write.
   */
  synchronized void sync() throws IOException {
    if (syncFailed) {
      throw new IOException(path + " could not be synced before; nothing is stored there any more");
    }
    boolean synced = false;
    try {
      sync(path);
      synced = true;
    } finally {
      syncFailed |= !synced;
    }
  }

  /**
   * Not through NIO: an interrupt cannot stop it. Opened for reading, or a file that is gone would
   * be made again.
   */
  static void sync(Path file) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      open.getFD().sync();
    }
  }
}
