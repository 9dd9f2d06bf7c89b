package io.github.ndocker.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OciRuntimeTest {
  @TempDir Path directory;

  @Test
  void knowsWhetherAProgramIsInstalled() throws IOException {
    Path program = Files.createFile(directory.resolve("runtime"));
    assertFalse(OciRuntime.isOnPath("runtime", directory.toString()), "it is no program yet");
    assertTrue(program.toFile().setExecutable(true));
    assertTrue(OciRuntime.isOnPath("runtime", "/no/such/directory:" + directory));
    assertFalse(OciRuntime.isOnPath("runtime", "/no/such/directory"));
    assertFalse(OciRuntime.isOnPath("runtime", ""));
  }
}
