package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.NDockerBuilder;
import io.github.ndocker.registry.DockerCredentials;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.registry.RegistryOptions;
import io.github.ndocker.source.ArchiveSpool;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the store is: options of every command. */
final class StoreOptions {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "${env:NDOCKER_STATE:-/var/lib/ndocker}",
      description =
          "catalogue, metadata and mount points; on a fast disk file system (default: ${DEFAULT-VALUE})")
  private Path state = Path.of("");

  @Option(
      names = "--slow",
      paramLabel = "DIR",
      defaultValue = "${env:NDOCKER_SLOW:-}",
      description = "the slow tier (default: STATE/slow)")
  private String slow = "";

  @Option(
      names = "--fast",
      paramLabel = "TIER",
      defaultValue = "${env:NDOCKER_FAST:-auto}",
      description =
          "the fast tier: llpl:DIRECTORY, dir:DIRECTORY, or auto for pools on a DAX mount or else in /dev/shm"
              + " (default: ${DEFAULT-VALUE})")
  private String fast = "";

  @Option(
      names = "--fast-size",
      paramLabel = "SIZE",
      defaultValue = "${env:NDOCKER_FAST_SIZE:-1g}",
      description = "budget of the fast tier (default: ${DEFAULT-VALUE})")
  private String fastSize = "";

  @Option(
      names = "--slow-size",
      paramLabel = "SIZE",
      description = "budget of the slow tier (default: what its file system has)")
  private @Nullable String slowSize;

  @Option(
      names = "--hot-budget",
      paramLabel = "SIZE",
      defaultValue = "${env:NDOCKER_HOT_BUDGET:-}",
      description =
          "what the hot packs of all images may take; starts are counted then (default: starts are"
              + " not counted, and packs stay)")
  private String hotBudget = "";

  /** Beside the slow tier there is room for an archive; it may take all that is free. */
  ArchiveSpool spool() throws IOException {
    Path directory = slowDirectory();
    return new ArchiveSpool(directory, Math.max(1, Files.getFileStore(directory).getUsableSpace()));
  }

  private Path slowDirectory() {
    return slow.isEmpty() ? state.resolve("slow") : Path.of(slow);
  }

  boolean hasHotBudget() {
    return !hotBudget.isEmpty();
  }

  NDocker open() throws IOException {
    return open(RegistryOptions.defaults());
  }

  NDocker open(RegistryOptions registries) throws IOException {
    return open(registries, builder -> builder);
  }

  NDocker open(UnaryOperator<NDockerBuilder> options) throws IOException {
    return open(RegistryOptions.defaults(), options);
  }

  private NDocker open(RegistryOptions registries, UnaryOperator<NDockerBuilder> options)
      throws IOException {
    Path slowDirectory = slowDirectory();
    Files.createDirectories(slowDirectory);
    long slowBytes =
        Optional.ofNullable(slowSize)
            .map(ByteSize::parse)
            .orElse(Files.getFileStore(slowDirectory).getTotalSpace());
    // before anything is open: any of them may be no size
    long fastBytes = ByteSize.parse(fastSize);
    Optional<Long> hotBytes =
        hasHotBudget() ? Optional.of(ByteSize.parse(hotBudget)) : Optional.empty();
    BlobTier slowTier = FileTier.open(slowDirectory.resolve("layers"), slowBytes);
    try {
      BlobTier fastTier = FastTier.open(fast, fastBytes);
      try {
        NDockerBuilder builder =
            NDocker.builder(state, fastTier, slowTier)
                .indexes(slowDirectory.resolve("index"))
                .registry(new RegistryClient(registries, DockerCredentials.ofUser()));
        hotBytes.ifPresent(builder::hotBudget);
        return options.apply(builder).open();
      } catch (IOException e) {
        fastTier.close();
        throw e;
      }
    } catch (IOException e) {
      slowTier.close();
      throw e;
    }
  }
}
