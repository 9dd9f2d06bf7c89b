package io.github.ndocker.erofs;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An image of a million entries fits into the heap of an ordinary host. */
class ManyEntriesTest {
  private static final String HEAP = "-Xmx768m";

  @TempDir Path scratch;

  @Test
  void aMillionFitIntoASmallHeap() throws IOException {
    String output =
        Command.run(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            HEAP,
            "-cp",
            System.getProperty("java.class.path"),
            ManyEntries.class.getName(),
            "1000000",
            scratch.toString(),
            "1");
    System.out.print(output);
    assertTrue(output.contains("1000000 entries"), output);
  }
}
