package io.github.ndocker.examples.cli;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.llpl.LlplTier;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Opens the fast tier a user chose: {@code auto}, {@code llpl:DIRECTORY} or {@code dir:DIRECTORY}.
 */
public final class FastTier {
  private static final Path MOUNTS = Path.of("/proc/self/mounts");
  private static final Path EMULATED = Path.of("/dev/shm/ndocker/pools");

  private FastTier() {}

  /**
   * Opens a tier.
   *
   * @param choice {@code llpl:DIRECTORY} for persistent-memory heaps in that directory, {@code
   *     dir:DIRECTORY} for files, {@code auto} for heaps on the first DAX mount, or in {@code
   *     /dev/shm} where there is none
   * @param capacityBytes its budget
   * @return the tier, to be closed by the caller
   * @throws IOException if it cannot be opened
   */
  public static BlobTier open(String choice, long capacityBytes) throws IOException {
    if (choice.equals("auto")) {
      return LlplTier.open(
          daxMount().map(mount -> mount.resolve("ndocker/pools")).orElse(EMULATED), capacityBytes);
    }
    if (choice.startsWith("llpl:")) {
      return LlplTier.open(
          Path.of(choice.substring("llpl:".length())).toAbsolutePath(), capacityBytes);
    }
    if (choice.startsWith("dir:")) {
      return FileTier.open(
          Path.of(choice.substring("dir:".length())).toAbsolutePath(), capacityBytes);
    }
    throw new NDockerException(
        "not a fast tier: '" + choice + "'; use auto, llpl:DIRECTORY or dir:DIRECTORY");
  }

  private static Optional<Path> daxMount() throws IOException {
    for (String line : Files.readAllLines(MOUNTS)) {
      String[] fields = line.split(" ", -1);
      List<String> options = Arrays.asList(fields[3].split(",", -1));
      if (options.contains("dax") || options.contains("dax=always")) {
        return Optional.of(Path.of(fields[1]));
      }
    }
    return Optional.empty();
  }
}
