package io.github.ndocker.examples.quickstart;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.Readiness;
import io.github.ndocker.spi.BlobTier;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The whole life of an image on two tiers. What is between the marks is the README's example. */
public final class Quickstart {
  private Quickstart() {}

  /**
   * Deploys an image, traces a start of it, promotes what that read, and runs a container.
   *
   * @param nvme a directory on a fast disk
   * @param disk a directory on a slow disk
   * @param image the image
   * @param ready when a container of it is ready
   * @return what the container printed
   * @throws IOException if any of it fails
   */
  public static String run(Path nvme, Path disk, ImageReference image, Readiness ready)
      throws IOException {
    // README begins
    BlobTier fast = FileTier.open(nvme.resolve("layers"), 1L << 30);
    BlobTier slow = FileTier.open(disk.resolve("layers"), 1L << 40);
    try (NDocker engine = NDocker.builder(nvme.resolve("state"), fast, slow).open()) {
      engine.deploy(image, progress -> {});
      ContainerSpec spec = engine.containerSpec(image);
      engine.trace(image, "default", spec, ready, Duration.ofMinutes(1));
      engine.promote(image, "default");
      try (RunningContainer running = engine.start(image, spec)) {
        running.container().awaitReady(ready, Duration.ofMinutes(1));
        return running.container().output();
      }
    }
    // README ends
  }
}
