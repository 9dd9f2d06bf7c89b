package io.github.ndocker.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadAheadTest {
  private static final int PAGE = PageResidency.PAGE_BYTES;
  private static final int PAGES = 1_500;

  @TempDir Path directory;

  /** A file none of whose pages is in memory. */
  private Path cold() throws IOException {
    Path file = directory.resolve("cold");
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.allocate(PAGES * PAGE - 1));
      channel.force(true);
    }
    try (Descriptor descriptor = Descriptor.openReadOnly(file)) {
      LibC.check("posix_fadvise", LibC.posix_fadvise(descriptor.number(), 0, 0, 4));
    }
    Assumptions.assumeTrue(resident(file).isEmpty(), "this file system keeps what it has read");
    return file;
  }

  private static BitSet resident(Path file) throws IOException {
    return PageResidency.of(file, Files.size(file));
  }

  @Test
  void bringsAPartOfAFileIntoMemory() throws IOException {
    Path file = cold();
    ReadAhead.read(file, 100L * PAGE, 700L * PAGE);
    BitSet resident = resident(file);
    assertTrue(resident.nextClearBit(100) >= 800, resident.toString());
    assertTrue(resident.cardinality() < PAGES, "not all of it");
    ReadAhead.read(file, 0, Files.size(file));
    ReadAhead.read(file, 1, Files.size(file) - 1);
    assertEquals(PAGES, resident(file).cardinality());
  }

  @Test
  void aSmallPartIsReadAlone() throws IOException {
    Path file = cold();
    ReadAhead.read(file, 600L * PAGE + 1, 100L * PAGE);
    BitSet resident = resident(file);
    assertTrue(resident.nextClearBit(600) >= 701, resident.toString());
    assertFalse(resident.get(512), resident.toString());
    assertFalse(resident.get(1023), resident.toString());
  }

  @Test
  void readsNoMoreThanIsWanted() throws IOException {
    Path file = cold();
    AtomicInteger asked = new AtomicInteger();
    ReadAhead.read(file, 0, Files.size(file), () -> asked.incrementAndGet() <= 1);
    assertEquals(2, asked.get());
    assertTrue(resident(file).cardinality() < PAGES, "not all of it");
  }

  @Test
  void stopsAtTheEndOfTheFile() throws IOException {
    Path file = cold();
    ReadAhead.read(file, (PAGES - 1L) * PAGE, 1L << 50);
    ReadAhead.read(file, 1L << 50, 1);
    ReadAhead.read(file, 0, 0);
    assertTrue(resident(file).get(PAGES - 1));
  }

  @Test
  void saysThatThereIsNoSuchFile() {
    assertThrows(
        SystemCallException.class, () -> ReadAhead.read(directory.resolve("missing"), 0, 1));
  }

  @Test
  void knowsHowMuchMemoryThereIs() throws IOException {
    assertTrue(AvailableMemory.bytes() > 1 << 20);
  }
}
