package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.StoreListener;
import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import io.github.ndocker.rootfs.RootFilesystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an engine does beside what it is asked for. */
@Timeout(60) // what hangs fails
class BackgroundWorkTest {
  @TempDir Path directory;
  private TinyImage image;
  private Host host;

  @BeforeEach
  void prepare() throws IOException {
    image = TinyImage.threeLayers();
    host = Host.in(directory);
  }

  private NDockerBuilder builder() throws IOException {
    return host.builder().placement(new AllSlow());
  }

  private ImageReference deploy(NDocker engine) throws IOException {
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE)) {
      assertFalse(engine.rightOfWay().isTaken());
      engine.deploy(registry.reference(), progress -> assertTrue(engine.rightOfWay().isTaken()));
      return registry.reference();
    }
  }

  @Test
  void movesInTheBackgroundAcrossARestartAndMountsWhatWasMoved() throws Exception {
    ImageReference reference;
    List<Digest> blobs = image.layers().stream().map(layer -> layer.diffId().digest()).toList();
    try (NDocker engine = builder().open()) {
      reference = deploy(engine);
      for (Digest blob : blobs) {
        assertFalse(engine.moves().request(blob, Tier.FAST, 0).isCancelled());
      }
    }
    try (NDocker engine = builder().backgroundBytesPerSecond(0).open()) {
      for (Digest blob : blobs) {
        engine.moves().request(blob, Tier.FAST, 0).get();
      }
      assertEquals(List.of(), engine.moves().pending());
      assertEquals(engine.inspect(reference).imageBytes(), engine.inspect(reference).fastBytes());
      LoopMount.assumePossible();
      try (RootFilesystem mounted = engine.mount(reference)) {
        assertTrue(engine.rightOfWay().isTaken(), "what was just started still reads");
        assertTrue(Files.isDirectory(mounted.root()));
      }
    }
  }

  @Test
  void hearsOfAHitWhenAnImageIsMounted() throws IOException {
    LoopMount.assumePossible();
    BlockingQueue<Digest> hits = new LinkedBlockingQueue<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void hit(Digest blob, Tier tier, long bytes) {
            assertEquals(Tier.SLOW, tier);
            hits.add(blob);
          }
        };
    try (NDocker engine = builder().listener(listener).open()) {
      ImageReference reference = deploy(engine);
      hits.clear();
      engine.mount(reference).close();
    }
    for (TinyLayer layer : image.layers()) {
      assertTrue(hits.contains(layer.diffId().digest()), layer.toString());
    }
  }

  @Test
  void scrubsWhenItIsAskedTo() throws Exception {
    Digest damaged = image.layers().get(1).diffId().digest();
    BlockingQueue<Digest> found = new LinkedBlockingQueue<>();
    StoreListener listener =
        new StoreListener() {
          @Override
          public void damaged(Digest blob, IOException reason) {
            found.add(blob);
          }
        };
    try (NDocker engine = builder().open()) {
      deploy(engine);
    }
    Path file = host.slow().resolve("blobs").resolve("sha256").resolve(damaged.hex());
    byte[] bytes = Files.readAllBytes(file);
    bytes[700]++;
    Files.write(file, bytes);
    try (NDocker engine = builder().listener(listener).scrub(1 << 30).open()) {
      assertEquals(damaged, found.take());
    }
  }

  @Test
  void refusesRatesThatMakeNoSense() throws IOException {
    NDockerBuilder options = builder();
    assertThrows(IllegalArgumentException.class, () -> options.scrub(0));
    assertThrows(IllegalArgumentException.class, () -> options.backgroundBytesPerSecond(-1));
    options.open().close();
  }
}
