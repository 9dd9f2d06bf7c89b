package io.github.ndocker.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageResidencyTest {
  private static final long GIB = 1L << 30;

  @TempDir Path directory;

  private Path sparse(long size) throws IOException {
    Path file = directory.resolve("sparse");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      for (long offset : new long[] {0, GIB, size - 1}) {
        channel.write(ByteBuffer.wrap(new byte[] {1}), offset);
      }
    }
    return file;
  }

  @Test
  void findsThePagesOfASparseFileOfAnySize() throws IOException {
    long size = 5 * GIB + 1;
    BitSet resident = PageResidency.of(sparse(size), size);
    for (long offset : new long[] {0, GIB, size - 1}) {
      assertTrue(resident.get((int) (offset / PageResidency.PAGE_BYTES)), "page of " + offset);
    }
    assertTrue(resident.cardinality() < 1_000, resident.cardinality() + " pages");
    assertEquals(size / PageResidency.PAGE_BYTES + 1, resident.length());
  }

  @Test
  void refusesAFileWithMorePagesThanItCanTell() {
    SystemCallException failure =
        assertThrows(
            SystemCallException.class, () -> PageResidency.of(directory.resolve("any"), 9L << 40));
    assertEquals(SystemCallException.EFBIG, failure.errno());
  }
}
