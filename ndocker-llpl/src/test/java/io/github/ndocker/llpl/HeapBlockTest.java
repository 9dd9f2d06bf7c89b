package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.intel.pmem.llpl.Heap;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HeapBlockTest {
  private static final int SIZE = 10_000;

  private PoolPlace place;
  private HeapBlock block;

  @BeforeEach
  void allocateABlock() throws IOException {
    place = PoolPlace.create();
    TierDirectory.of(place.tier());
    long minimum = LlplLibrary.load();
    block =
        new HeapBlock(
            Heap.createHeap(place.pool().toString(), minimum).allocateMemoryBlock(SIZE, false));
  }

  @AfterEach
  void removePlace() throws IOException {
    place.close();
  }

  @Test
  void refusesEveryRangeThatIsNotItsOwn() {
    long[][] wrong = {
      {-1, 1},
      {SIZE, 1},
      {SIZE - 1, 2},
      {0, SIZE + 1},
      {Long.MAX_VALUE, 1},
      {Long.MAX_VALUE - 7, 8},
      {Long.MIN_VALUE, 1},
      {0, -1},
      {5, Integer.MIN_VALUE}
    };
    for (long[] range : wrong) {
      int length = (int) range[1];
      ByteBuffer bytes = ByteBuffer.allocate(2 * SIZE);
      assertThrows(IndexOutOfBoundsException.class, () -> block.put(range[0], bytes, length));
      assertThrows(IndexOutOfBoundsException.class, () -> block.get(range[0], bytes, length));
      assertThrows(IndexOutOfBoundsException.class, () -> block.flush(range[0], length));
      assertEquals(0, bytes.position());
    }
    byte[] large = new byte[2];
    for (long offset : new long[] {-1, SIZE - 1, Long.MAX_VALUE}) {
      assertThrows(IndexOutOfBoundsException.class, () -> block.putInTransaction(offset, large));
    }
    assertThrows(IndexOutOfBoundsException.class, () -> block.put(0, ByteBuffer.allocate(3), 4));
    assertThrows(IndexOutOfBoundsException.class, () -> block.get(0, ByteBuffer.allocate(3), 4));
  }
}
