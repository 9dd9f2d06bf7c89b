package io.github.ndocker.rootfs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.ndocker.erofs.LoopMount;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests that mount a small tree for real; whatever happens, nothing of it is left in the kernel.
 */
abstract class SmallTreeTest {
  @TempDir Path directory;
  final SeenSuperblocks superblocks = new SeenSuperblocks();
  SmallTree tree;

  @BeforeEach
  void look() throws IOException {
    LoopMount.assumePossible();
    tree = SmallTree.in(directory.resolve("tree"));
  }

  @AfterEach
  void nothingIsLeftInTheKernel() throws IOException {
    assertEquals(Kernel.NOTHING, Kernel.holds(directory, superblocks));
  }

  RootfsOptions writable() {
    return RootfsOptions.writableIn(directory.resolve("writable"));
  }
}
