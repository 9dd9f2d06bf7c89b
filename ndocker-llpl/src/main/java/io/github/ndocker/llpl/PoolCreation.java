package io.github.ndocker.llpl;

import com.intel.pmem.llpl.Heap;
import com.intel.pmem.llpl.HeapException;
import com.intel.pmem.llpl.MemoryBlock;
import io.github.ndocker.api.TierFullException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes a pool for so many bytes of blobs. All of its memory is allocated here, and so filled with
 * zeros this once; afterwards nothing is allocated in the heap or freed.
 *
 * @param capacityBytes what blobs can take
 * @param mostArenaPages how large an arena may be
 */
record PoolCreation(long capacityBytes, long mostArenaPages) {
  /**
   * PMDK's largest object is 64 bytes less than a zone of its heap, 65,528 chunks of 256 KiB. A few
   * chunks remain for small objects.
   */
  static final long MOST_ARENA_PAGES = 65_512L * 64;

  /** EROFS has 32 bits for the number of a block, and blocks of 512 bytes: 2 TiB. */
  static final long MOST_BYTES = 1L << 40;

  private static final long FEWEST_ARENA_PAGES = 64;
  private static final int FEWEST_SLOTS = 4096;
  private static final long BYTES_PER_SLOT = 32 << 10;
  // PMDK's own structures, its table of each zone of 16 GiB, and what is too small for an arena
  private static final long OVERHEAD = 8L << 20;
  private static final long ZONE = 16L << 30;
  private static final long ZONE_OVERHEAD = 6L << 20;

  PoolCreation {
    if (capacityBytes < 0 || capacityBytes > MOST_BYTES || mostArenaPages < 1) {
      throw new IllegalArgumentException("a pool for " + capacityBytes + " bytes");
    }
  }

  private long slots() {
    return Math.max(FEWEST_SLOTS, capacityBytes / BYTES_PER_SLOT);
  }

  /** Size of the file. */
  long fileBytes() {
    return capacityBytes
        + slots() * BlobRecord.BYTES
        + OVERHEAD
        + (capacityBytes / ZONE + 1) * ZONE_OVERHEAD
        + capacityBytes / PageRange.PAGE / mostArenaPages * (512 << 10);
  }

  /**
   * Creates the pool and maps it.
   *
   * @param pool the file, which is not there yet
   * @param id for its header
   * @throws TierFullException if the medium has no room for it
   * @throws IOException if the medium fails
   */
  Heap create(Path pool, int id) throws IOException {
    long size = fileBytes();
    Path directory = TierDirectory.parentOf(pool);
    // a file too large for the medium would be sparse, and a store to a hole is a crash
    long usable = Files.getFileStore(directory).getUsableSpace();
    if (size > usable) {
      throw new TierFullException(directory.toString(), size, usable);
    }
    // under another name until it is complete, so that a crash leaves no half of a pool. The name
    // is never used again, because LLPL knows heaps by name for ever.
    Path incomplete = TierDirectory.incomplete(pool);
    try {
      Heap heap = Heap.createHeap(incomplete.toString(), size);
      Files.setPosixFilePermissions(incomplete, PosixFilePermissions.fromString("rw-------"));
      format(heap, id, size);
      Pool.sync(incomplete);
      // unlike a rename, a link never replaces a pool that is there
      Files.createLink(pool, incomplete);
      return heap;
    } catch (HeapException e) {
      throw new IOException("cannot create a pool of " + size + " bytes at " + pool + ": " + e, e);
    } finally {
      Files.deleteIfExists(incomplete);
      TierDirectory.force(directory);
    }
  }

  private void format(Heap heap, int id, long size) throws IOException {
    MemoryBlock root = heap.allocateMemoryBlock(PoolHeader.BYTES, false);
    MemoryBlock directory = heap.allocateMemoryBlock(slots() * BlobRecord.BYTES, false);
    PoolHeader header = new PoolHeader(id, size, directory.handle(), arenas(heap));
    root.copyFromArray(header.encode(), 0, 0, PoolHeader.BYTES);
    root.flush();
    heap.setRoot(root.handle());
  }

  private List<Long> arenas(Heap heap) throws IOException {
    List<Long> handles = new ArrayList<>();
    long missing = PageRange.pagesFor(capacityBytes);
    long most = mostArenaPages;
    while (missing > 0) {
      long pages = Math.min(missing, most);
      try {
        MemoryBlock block = heap.allocateMemoryBlock(Arena.blockSizeFor(pages), false);
        handles.add(block.handle());
        missing -= new Arena(new HeapBlock(block)).pages();
      } catch (HeapException e) {
        // what is left of a zone is smaller
        most = pages - Math.max(1, pages / 16);
        if (most < FEWEST_ARENA_PAGES || handles.size() >= PoolHeader.MOST_ARENAS) {
          throw new IOException("the heap has no room for " + missing + " pages more", e);
        }
      }
    }
    return handles;
  }
}
