package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.rootfs.IdMapping;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.Probe;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.StoreInUseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mount points, bundles and the runtime's records in a directory apart from the state. */
class RunningDirectoryTest {
  @TempDir Path directory;

  private Path running() {
    return directory.resolve("running");
  }

  private NDocker open(String name) throws IOException {
    return Host.in(directory.resolve(name)).builder().running(running()).open();
  }

  @Test
  void hasAllThatDoesNotOutliveTheBootAlsoOfContainersWithIdsOfTheirOwn() throws IOException {
    LoopMount.assumePossible();
    Probe.assumeContainers();
    String images = System.getProperty("ndocker.images", "");
    assumeFalse(images.isEmpty(), "needs the images of make-images");
    ImageReference image = ImageReference.parse("debian");
    PrivateFiles.letOthersSearch(directory);
    try (NDocker engine = open("host")) {
      engine.deploy(image, OciLayout.open(Path.of(images, "oci")), progress -> {});
      ContainerSpec spec =
          engine
              .containerSpec(image, List.of("cat", "/proc/self/uid_map", "/proc/self/mountinfo"))
              .withIdMappings(List.of(new IdMapping(0, 200_000, 65_536)));
      try (RunningContainer container = engine.start(image, spec)) {
        assertEquals(0, container.container().awaitExit(), container.container().output());
        assertTrue(
            container.container().output().contains("200000"), container.container().output());
        assertFalse(isEmpty(running().resolve("bundles")));
        assertFalse(isEmpty(running().resolve("mounts/roots")));
      }
    }
    for (String name : List.of("mounts", "bundles", "runtime")) {
      assertFalse(Files.exists(directory.resolve("host/state").resolve(name)), name);
    }
  }

  @Test
  void isOfOneEngine() throws IOException {
    try (NDocker one = open("one")) {
      assertThrows(StoreInUseException.class, () -> open("other").close());
    }
    open("other").close();
  }

  private static boolean isEmpty(Path path) throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files.findAny().isEmpty();
    }
  }
}
