package io.github.ndocker.llpl;

import com.intel.pmem.llpl.HeapException;
import com.intel.pmem.llpl.PersistentHeap;
import com.intel.pmem.llpl.PersistentMemoryBlock;
import com.intel.pmem.llpl.Transaction;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.TierFullException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pool holds, kept in the pool: the heap's root object is a header and a fixed number of
 * slots, one per blob.
 *
 * <pre>
 * header  magic, slot count, budget, heap size               (8 bytes each, then padding to 64)
 * slot    state, block handle, block size, blob length       (8 bytes each), digest (32 bytes)
 * </pre>
 *
 * <p>A block is allocated in the same transaction that writes its slot, and freed in the one that
 * clears it, so no crash leaves memory that nothing points to. Thread-safe.
 */
final class PoolDirectory {
  private static final long MAGIC = 0x4e444f434b455231L; // "NDOCKER1"
  private static final int RECORD = 64;
  private static final int DIGEST_BYTES = 32;
  private static final long FREE = 0;
  private static final long WRITING = 1;
  private static final long COMMITTED = 2;
  // a directory of whole chunks too
  private static final long FEWEST_SLOTS = 4096;
  // a bound for what a file may claim: 4 TiB of blobs of one chunk each
  private static final long MOST_SLOTS = 1 << 24;
  // PMDK's own structures: header, lanes and logs of the pool, and the table of each zone
  private static final long HEAP_OVERHEAD = 16L << 20;

  private final Path pool;
  private final PersistentHeap heap;
  private final PersistentMemoryBlock root;
  private final long capacity;
  private final Deque<Integer> freeSlots = new ArrayDeque<>();
  private long used;

  private PoolDirectory(Path pool, PersistentHeap heap, PersistentMemoryBlock root, long capacity) {
    this.pool = pool;
    this.heap = heap;
    this.root = root;
    this.capacity = capacity;
  }

  /** A heap size for so many bytes of blobs, and some that gaps between them will cost. */
  static long heapSizeFor(long capacity) {
    long gaps = capacity / 16;
    return Math.addExact(capacity, gaps + HEAP_OVERHEAD + slotsFor(capacity) * RECORD);
  }

  private static long slotsFor(long capacity) {
    return Math.min(MOST_SLOTS, Math.max(FEWEST_SLOTS, capacity / BlobBlock.CHUNK));
  }

  /** Makes the root object of a new heap. */
  static void format(PersistentHeap heap, long heapSize, long capacity) {
    long slots = slotsFor(capacity);
    Transaction.create(
        heap,
        () -> {
          PersistentMemoryBlock root = heap.allocateMemoryBlock(RECORD * (slots + 1), true);
          root.transactionalSetLong(0, MAGIC);
          root.transactionalSetLong(8, slots);
          root.transactionalSetLong(16, capacity);
          root.transactionalSetLong(24, heapSize);
          heap.setRoot(root.handle());
        });
  }

  /**
   * Reads the directory of a heap, and frees what was being written when it was last open.
   *
   * @param committed receives the blobs
   * @throws DamagedPoolException if anything in it points where it cannot
   */
  static PoolDirectory load(
      Path pool, PersistentHeap heap, long budget, Map<Digest, CommittedBlob> committed)
      throws IOException {
    long end = pool.toFile().length();
    PersistentMemoryBlock root = blockAt(pool, heap, heap.getRoot(), end);
    if (root.size() < RECORD || root.getLong(0) != MAGIC) {
      throw new DamagedPoolException(pool, "its root is not a directory of blobs");
    }
    long slots = root.getLong(8);
    if (slots < 1 || slots > MOST_SLOTS || root.size() != RECORD * (slots + 1)) {
      throw new DamagedPoolException(pool, "a directory of " + slots + " slots");
    }
    if (root.getLong(24) != end) {
      throw new DamagedPoolException(pool, "it has " + end + " bytes, not " + root.getLong(24));
    }
    PoolDirectory directory =
        new PoolDirectory(pool, heap, root, Math.min(budget, root.getLong(16)));
    directory.readSlots((int) slots, end, committed);
    return directory;
  }

  private void readSlots(int slots, long end, Map<Digest, CommittedBlob> committed)
      throws IOException {
    Map<Integer, BlobBlock> halfWritten = new HashMap<>();
    SortedMap<Long, Long> ends = new TreeMap<>();
    ends.put(root.handle(), root.handle() + root.size());
    for (int slot = 0; slot < slots; slot++) {
      long state = root.getLong(at(slot));
      if (state == FREE) {
        freeSlots.add(slot);
        continue;
      }
      BlobBlock block = new BlobBlock(slot, blockAt(pool, heap, root.getLong(at(slot) + 8), end));
      long length = root.getLong(at(slot) + 24);
      // a block that LLPL's own header and the slot disagree about is not the slot's
      if ((state != WRITING && state != COMMITTED)
          || block.block().size() != root.getLong(at(slot) + 16)
          || length < 0
          || length > block.room()
          || ends.put(block.block().handle(), block.block().handle() + block.block().size())
              != null) {
        throw new DamagedPoolException(pool, "slot " + slot + " contradicts itself");
      }
      used += block.footprint();
      if (state == WRITING) {
        halfWritten.put(slot, block);
      } else if (committed.put(digestOf(slot), new CommittedBlob(block, length)) != null) {
        throw new DamagedPoolException(pool, "two slots hold " + digestOf(slot));
      }
    }
    requireDisjoint(ends);
    for (BlobBlock block : halfWritten.values()) {
      free(block);
    }
  }

  private void requireDisjoint(SortedMap<Long, Long> ends) throws IOException {
    long previous = 0;
    for (Entry<Long, Long> block : ends.entrySet()) {
      if (block.getKey() < previous) {
        throw new DamagedPoolException(pool, "two blocks overlap at " + block.getKey());
      }
      previous = block.getValue();
    }
  }

  private static PersistentMemoryBlock blockAt(
      Path pool, PersistentHeap heap, long handle, long end) throws IOException {
    // before LLPL reads the block's size there, unchecked
    if (handle < RECORD || handle > end - RECORD) {
      throw new DamagedPoolException(pool, "a block at " + handle + " of " + end);
    }
    try {
      PersistentMemoryBlock block = heap.memoryBlockFromHandle(handle);
      if (block.size() > end - handle - BlobBlock.BLOCK_HEADER) {
        throw new DamagedPoolException(pool, "a block of " + block.size() + " bytes");
      }
      return block;
    } catch (HeapException e) {
      throw new DamagedPoolException(pool, "no block at " + handle, e);
    }
  }

  /** Allocates room for a blob of so many bytes, in a slot that a crash would free. */
  synchronized BlobBlock allocate(long length) throws TierFullException {
    // in this order: the footprint of a guess near Long.MAX_VALUE has no number
    if (length > capacity - used || BlobBlock.footprintFor(length) > capacity - used) {
      throw full(length);
    }
    Integer slot = freeSlots.peek();
    if (slot == null) {
      throw full(length);
    }
    long size = BlobBlock.sizeFor(length);
    BlobBlock allocated;
    try {
      allocated =
          Transaction.create(
              heap,
              () -> {
                PersistentMemoryBlock block = heap.allocateMemoryBlock(size, true);
                root.transactionalSetLong(at(slot), WRITING);
                root.transactionalSetLong(at(slot) + 8, block.handle());
                root.transactionalSetLong(at(slot) + 16, size);
                root.transactionalSetLong(at(slot) + 24, 0);
                return new BlobBlock(slot, block);
              });
    } catch (HeapException e) {
      // the budget has room, but not in one piece, or the piece is larger than PMDK's largest
      TierFullException full = full(length);
      full.initCause(e);
      throw full;
    }
    freeSlots.remove();
    used += allocated.footprint();
    return allocated;
  }

  private TierFullException full(long length) {
    return new TierFullException(pool.toString(), length, Math.max(0, capacity - used));
  }

  /** Names a blob whose bytes are durable. */
  synchronized void commit(BlobBlock block, long length, Digest name) {
    byte[] hash = HexFormat.of().parseHex(name.hex());
    Transaction.create(
        heap,
        () -> {
          root.transactionalSetLong(at(block.slot()) + 24, length);
          root.transactionalCopyFromArray(hash, 0, at(block.slot()) + 32, DIGEST_BYTES);
          root.transactionalSetLong(at(block.slot()), COMMITTED);
        });
  }

  synchronized void free(BlobBlock block) {
    long footprint = block.footprint();
    Transaction.create(
        heap,
        () -> {
          root.transactionalSetLong(at(block.slot()), FREE);
          block.block().free(true);
        });
    used -= footprint;
    freeSlots.add(block.slot());
  }

  synchronized long used() {
    return used;
  }

  long capacity() {
    return capacity;
  }

  private Digest digestOf(int slot) {
    byte[] hash = new byte[DIGEST_BYTES];
    root.copyToArray(at(slot) + 32, hash, 0, DIGEST_BYTES);
    return Digest.sha256(hash);
  }

  private static long at(int slot) {
    return RECORD * (slot + 1L);
  }
}
