package io.github.ndocker.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PinnedFilesTest {
  @TempDir private Path directory;

  private Path file(String name) throws IOException {
    return Files.writeString(directory.resolve(name), name);
  }

  private List<String> open() throws IOException {
    Path real = directory.toRealPath();
    return OpenFiles.below(real).stream().map(file -> real.relativize(file).toString()).toList();
  }

  @Test
  void keepsThoseThatWereUsedLast() throws IOException {
    PinnedFiles pinned = new PinnedFiles(2);
    for (String name : Arrays.asList("a", "b", "a", "c", "c")) {
      pinned.pin(file(name));
    }
    assertEquals(List.of("a", "c"), open());
    assertEquals(2, pinned.size());
    pinned.close();
    pinned.pin(file("a"));
    pinned.close();
    assertEquals(List.of(), open());
  }

  @Test
  void aFileThatIsUnpinnedIsGoneWithItsName() throws IOException {
    try (PinnedFiles pinned = new PinnedFiles(10)) {
      pinned.pin(file("a"));
      Files.delete(directory.resolve("a"));
      assertEquals(List.of("a (deleted)"), open());
      pinned.unpin(directory.resolve("a"));
      pinned.unpin(directory.resolve("never pinned"));
      pinned.pin(directory.resolve("missing"));
      assertEquals(List.of(), open());
      assertEquals(0, pinned.size());
    }
  }
}
