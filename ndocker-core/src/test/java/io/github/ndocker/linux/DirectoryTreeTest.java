package io.github.ndocker.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryTreeTest {
  @TempDir Path directory;

  @Test
  void removesDirectoriesThatAreDeeperThanAPathCanName() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Path inner = Files.createDirectory(tree.resolve("0"));
    Files.writeString(inner.resolve("file"), "x");
    for (int i = 1; i < 60; i++) {
      // the innermost first: no path here is long
      Path outer = Files.createDirectory(tree.resolve("" + i));
      Files.writeString(outer.resolve("file"), "x");
      inner = Files.move(inner, outer.resolve("long".repeat(50))).getParent();
    }
    DirectoryTree.delete(tree);
    assertFalse(Files.exists(tree));
  }

  @Test
  void followsNoLink() throws IOException {
    Path tree = Files.createDirectory(directory.resolve("tree"));
    Path kept = Files.createDirectory(directory.resolve("kept"));
    Files.writeString(kept.resolve("file"), "x");
    Files.createSymbolicLink(tree.resolve("link"), kept);
    DirectoryTree.delete(tree);
    assertFalse(Files.exists(tree));
    assertEquals("x", Files.readString(kept.resolve("file")));
    DirectoryTree.delete(tree);
  }
}
