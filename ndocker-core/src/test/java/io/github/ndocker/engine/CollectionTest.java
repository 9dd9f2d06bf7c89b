package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a collection leaves and what it takes, after a removal that was killed in the middle. */
class CollectionTest {
  private static final DeploymentListener NOBODY = progress -> {};

  @TempDir Path directory;
  private Host host;

  @BeforeEach
  void begin() {
    host = Host.in(directory);
  }

  private ImageReference deploy(TinyImage image) throws IOException {
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = host.open()) {
      engine.deploy(registry.reference(), NOBODY);
      return registry.reference();
    }
  }

  /** As a removal that is killed right after its first two steps. */
  private void beginToRemove(ImageReference reference) throws IOException {
    try (Catalogue catalogue = Catalogue.open(host.state())) {
      ImageRecord image = catalogue.images().find(reference.toString()).orElseThrow();
      Files.delete(host.slow().resolve("blobs/sha256").resolve(image.documentDigest().hex()));
      assertTrue(catalogue.images().remove(reference.toString()));
    }
  }

  private static Set<Path> filesIn(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.collect(Collectors.toSet());
    }
  }

  @Test
  void takesMetadataAndIndexesOfImagesThatAreGoneAndOfNoOthers() throws IOException {
    // the other one has the same three layers, and one more
    ImageReference kept = deploy(TinyImage.threeLayers());
    Map<String, Long> before = host.files();
    ImageReference removed = deploy(TinyImage.withLayers(4, 4, 5_000));
    beginToRemove(removed);
    try (NDocker engine = host.open()) {
      assertTrue(engine.gc() > 0);
      assertEquals(List.of(kept.toString()), engine.images());
      assertEquals(List.of(), engine.check(CheckOptions.quick().deeply()).findings());
    }
    assertEquals(before, host.files());
  }

  @Test
  void leavesFilesThatAreNotCalledLikeMetadata() throws IOException {
    deploy(TinyImage.threeLayers());
    for (String name : List.of("note-1.erofs", "z".repeat(64) + "-1.erofs", "README")) {
      Files.write(host.state().resolve("metadata").resolve(name), new byte[10]);
    }
    Map<String, Long> before = host.files();
    try (NDocker engine = host.open()) {
      assertEquals(0, engine.gc());
    }
    assertEquals(before, host.files());
  }

  @Test
  void leavesWhatAnImageHasThatIsBeingDeployedAgain() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    beginToRemove(deploy(image));
    Path metadata = host.state().resolve("metadata");
    Set<Path> before = filesIn(metadata);
    List<Set<Path>> seen = new ArrayList<>();
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = host.open()) {
      engine.deploy(
          registry.reference(),
          progress -> {
            try {
              engine.gc();
              seen.add(filesIn(metadata));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      assertEquals(Set.of(before), Set.copyOf(seen));
      assertTrue(host.holds(image));
    }
  }
}
