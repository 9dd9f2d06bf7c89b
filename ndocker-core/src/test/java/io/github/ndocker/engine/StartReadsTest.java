package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.Tier;
import io.github.ndocker.linux.OpenFiles;
import io.github.ndocker.linux.PageResidency;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class StartReadsTest {
  private static final int BYTES = 3 << 20;

  @TempDir Path directory;

  /** A file none of whose pages is in memory. */
  private BlobExtent cold(String name) throws Exception {
    return cold(Tier.SLOW, name);
  }

  private BlobExtent cold(Tier tier, String name) throws Exception {
    Path file = Files.write(directory.resolve(name), new byte[BYTES]);
    Process dropped =
        new ProcessBuilder(
                "dd",
                "if=" + file,
                "iflag=nocache",
                "count=0",
                "status=none",
                "conv=fsync,notrunc",
                "oflag=nocache",
                "of=" + file)
            .inheritIO()
            .start();
    assertEquals(0, dropped.waitFor());
    Assumptions.assumeTrue(
        PageResidency.of(file, BYTES).isEmpty(), "this file system keeps what it has written");
    return new BlobExtent(tier, file, 0, BYTES);
  }

  private static void awaitResident(BlobExtent extent) throws IOException {
    while (PageResidency.of(extent.file(), BYTES).cardinality() * 4096L < BYTES) {
      assertFalse(Thread.currentThread().isInterrupted(), "it was not read in time");
    }
  }

  @Test
  void bringsWhatIsThereIntoMemoryAlsoBehindWhatIsMissing() throws Exception {
    BlobExtent extent = cold("blob");
    BlobExtent missing = new BlobExtent(Tier.SLOW, directory.resolve("missing"), 0, BYTES);
    try (StartReads reads = new StartReads()) {
      reads.begin(List.of(missing, extent));
      awaitResident(extent);
    }
  }

  @Test
  void readsTheSameAgainForALaterStart() throws Exception {
    try (StartReads reads = new StartReads()) {
      BlobExtent extent = cold("blob");
      reads.begin(List.of(extent));
      awaitResident(extent);
      Files.delete(extent.file());
      BlobExtent again = cold("blob");
      assertEquals(extent, again);
      // until the first reading is over there is nothing to do for a second one
      while (PageResidency.of(again.file(), BYTES).isEmpty()) {
        reads.begin(List.of(again));
      }
      awaitResident(again);
    }
  }

  @Test
  void theFastTierDoesNotWaitForTheSlowOne() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    BlobExtent slow = cold(Tier.SLOW, "slow");
    BlobExtent fast = cold(Tier.FAST, "fast");
    try (StartReads reads = new StartReads()) {
      // who opens it waits for somebody who writes
      reads.begin(List.of(new BlobExtent(Tier.SLOW, pipe, 0, BYTES), slow, fast));
      try {
        awaitResident(fast);
        assertTrue(PageResidency.of(slow.file(), BYTES).isEmpty());
      } finally {
        // or closing would wait for ever
        new ProcessBuilder("sh", "-c", ": > " + pipe).start();
      }
      awaitResident(slow);
    }
  }

  @Test
  void isOverWhenItIsClosed() throws Exception {
    BlobExtent extent = cold("blob");
    StartReads reads = new StartReads();
    reads.begin(List.of(extent));
    reads.close();
    assertFalse(isOpen(extent.file()));
    reads.begin(List.of(extent, extent));
    assertFalse(isOpen(extent.file()));
  }

  private static boolean isOpen(Path file) throws IOException {
    return OpenFiles.below(file).contains(file.toRealPath());
  }
}
