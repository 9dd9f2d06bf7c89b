package io.github.ndocker.examples.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.llpl.PersistentMemoryUnavailableException;
import io.github.ndocker.spi.BlobTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FastTierTest {
  private static final long CAPACITY = 8 << 20;

  @TempDir private Path directory;

  @Test
  void opensADirectory() throws IOException {
    Path layers = directory.resolve("layers");
    try (BlobTier tier = FastTier.open("dir:" + layers, CAPACITY)) {
      assertEquals(layers, tier.description().location());
      assertEquals(CAPACITY, tier.usage().capacityBytes());
    }
  }

  @Test
  void opensADirectoryOfPools() throws IOException {
    Path pools = directory.resolve("pools");
    try (BlobTier tier = FastTier.open("llpl:" + pools, CAPACITY)) {
      assertTrue(Files.size(pools.resolve("pool-1")) > CAPACITY);
    } catch (PersistentMemoryUnavailableException e) {
      Assumptions.abort(e.getMessage());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "fast", "directory:/x", "LLPL:/x", "automatic"})
  void refusesAnyOtherChoiceAndSaysWhatThereIs(String choice) {
    NDockerException failure =
        assertThrows(NDockerException.class, () -> FastTier.open(choice, CAPACITY));
    assertEquals(
        "not a fast tier: '" + choice + "'; use auto, llpl:DIRECTORY or dir:DIRECTORY",
        failure.getMessage());
  }
}
