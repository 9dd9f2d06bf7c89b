package io.github.ndocker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogSearchTest {
  @TempDir Path directory;
  private Path log;

  @BeforeEach
  void makeLog() throws IOException {
    log = Files.createFile(directory.resolve("log"));
  }

  private void append(String text) throws IOException {
    Files.writeString(log, text, StandardOpenOption.APPEND);
  }

  @Test
  void findsATextThatComesInPieces() throws IOException {
    try (LogSearch search = new LogSearch(log, "server is up")) {
      for (String piece : new String[] {"", "server ", "is", " down\nserver i", "s u"}) {
        append(piece);
        assertFalse(search.isFound(), piece);
      }
      append("p\n");
      assertTrue(search.isFound());
      append("and down");
      assertTrue(search.isFound());
    }
  }

  @Test
  void findsAnEmptyTextInAnEmptyLog() throws IOException {
    try (LogSearch search = new LogSearch(log, "")) {
      assertTrue(search.isFound());
    }
  }

  @Test
  void findsATextAfterAnyLengthOfLog() throws IOException {
    append("x".repeat(17 << 20) + "ready");
    try (LogSearch search = new LogSearch(log, "ready")) {
      assertTrue(search.isFound());
    }
  }

  @Test
  void findsWhatASearchOfTheWholeLogFinds() throws IOException {
    for (long seed = 1; seed <= 200; seed++) {
      Random random = new Random(seed);
      Files.writeString(log, "");
      StringBuilder all = new StringBuilder();
      try (LogSearch search = new LogSearch(log, "abaab")) {
        for (int piece = 0; piece < 20; piece++) {
          StringBuilder text = new StringBuilder();
          for (int i = random.nextInt(4); i > 0; i--) {
            text.append(random.nextBoolean() ? 'a' : 'b');
          }
          append(text.toString());
          all.append(text);
          assertEquals(all.indexOf("abaab") >= 0, search.isFound(), "seed " + seed + ": " + all);
        }
      }
    }
  }
}
