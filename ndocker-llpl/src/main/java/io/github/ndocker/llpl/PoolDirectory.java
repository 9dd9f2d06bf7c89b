package io.github.ndocker.llpl;

import com.intel.pmem.llpl.Heap;
import com.intel.pmem.llpl.HeapException;
import com.intel.pmem.llpl.Transaction;
import com.intel.pmem.llpl.TransactionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * The blobs of a pool, kept in the pool: a memory block of slots, each free or a {@link
 * BlobRecord}. What is written or cleared together is so in one transaction of the heap, durable
 * when the call returns. Thread-safe.
 */
final class PoolDirectory {
  private static final int SLOTS_AT_ONCE = 4096;

  private final Heap heap;
  private final HeapBlock block;
  private final BitSet taken = new BitSet();

  PoolDirectory(Heap heap, HeapBlock block) {
    this.heap = heap;
    this.block = block;
  }

  /** Where it is in the pool file. */
  ClosingNote.Span span() {
    return new ClosingNote.Span(block.fileOffset(), block.fileOffset() + block.size());
  }

  private int slots() {
    return (int) Math.min(Integer.MAX_VALUE, block.size() / BlobRecord.BYTES);
  }

  /**
   * Reads all slots.
   *
   * @param damaged receives the slots that are neither free nor a record
   * @return the records by slot
   */
  synchronized Map<Integer, BlobRecord> load(Collection<Integer> damaged) {
    Map<Integer, BlobRecord> records = new TreeMap<>();
    int slots = slots();
    for (int from = 0; from < slots; from += SLOTS_AT_ONCE) {
      int count = Math.min(SLOTS_AT_ONCE, slots - from);
      byte[] bytes = block.get(at(from), count * BlobRecord.BYTES);
      for (int i = 0; i < count; i++) {
        int slot = from + i;
        byte[] record = Arrays.copyOfRange(bytes, i * BlobRecord.BYTES, (i + 1) * BlobRecord.BYTES);
        if (isFree(record)) {
          continue;
        }
        taken.set(slot);
        BlobRecord.decode(slot, record)
            .ifPresentOrElse(found -> records.put(slot, found), () -> damaged.add(slot));
      }
    }
    return records;
  }

  private static boolean isFree(byte[] record) {
    ByteBuffer bytes = ByteBuffer.wrap(record);
    long any = 0;
    while (bytes.hasRemaining()) {
      any |= bytes.getLong();
    }
    return any == 0;
  }

  synchronized boolean hasRoomFor(int records) {
    return slots() - taken.cardinality() >= records;
  }

  /** Writes records into free slots, of which there are enough, and says which. */
  synchronized List<Integer> add(List<BlobRecord> records) throws IOException {
    List<Integer> slots =
        IntStream.iterate(taken.nextClearBit(0), slot -> taken.nextClearBit(slot + 1))
            .limit(records.size())
            .boxed()
            .toList();
    replace(slots, records);
    slots.forEach(taken::set);
    return slots;
  }

  /** Writes other records into these slots. */
  synchronized void replace(List<Integer> slots, List<BlobRecord> records) throws IOException {
    inTransaction(
        () -> {
          for (int i = 0; i < slots.size(); i++) {
            block.putInTransaction(at(slots.get(i)), records.get(i).encode(slots.get(i)));
          }
        });
  }

  /** Frees slots. */
  synchronized void clear(Collection<Integer> slots) throws IOException {
    if (slots.isEmpty()) {
      return;
    }
    inTransaction(
        () -> slots.forEach(slot -> block.putInTransaction(at(slot), new byte[BlobRecord.BYTES])));
    slots.forEach(taken::clear);
  }

  private void inTransaction(Runnable change) throws IOException {
    try {
      Transaction.create(heap, change);
    } catch (HeapException | TransactionException | IllegalStateException e) {
      throw new IOException("the directory of the pool could not be changed: " + e.getMessage(), e);
    }
  }

  private static long at(int slot) {
    return (long) slot * BlobRecord.BYTES;
  }
}
