package io.github.ndocker.examples.host;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;
import io.github.ndocker.image.Platform;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.placement.Lass;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.registry.TinyImage;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PlacementHostTest {
  private final RegistryClient client = new RegistryClient();
  private Path fast;
  private Path slow;

  @BeforeEach
  void makeDirectories(@TempDir Path directory) throws IOException {
    fast = Files.createDirectory(directory.resolve("fast"));
    slow = Files.createDirectory(directory.resolve("slow"));
  }

  @Test
  void lassPutsTheLastDownloadingLayerAndThoseAboveItOnTheFastMedium() throws IOException {
    assertEquals(
        List.of(Tier.SLOW, Tier.SLOW, Tier.FAST, Tier.FAST, Tier.FAST), deployWithLast(2, 5));
  }

  @Test
  void lassPutsAllLayersOnTheFastMediumIfTheBottomOneArrivesLast() throws IOException {
    assertEquals(List.of(Tier.FAST, Tier.FAST, Tier.FAST), deployWithLast(0, 3));
  }

  @Test
  void lassPutsOnlyTheTopmostLayerOnTheFastMediumIfItArrivesLast() throws IOException {
    assertEquals(List.of(Tier.SLOW, Tier.SLOW, Tier.SLOW, Tier.FAST), deployWithLast(3, 4));
  }

  @Test
  void theFilesLieWhereTheHostSaysTheyDo() throws IOException {
    TinyImage image = TinyImage.threeLayers();
    try (HostileRegistry registry = serve(image, HostileRegistry.Fault.NONE)) {
      List<Layer> layers = layersOf(registry);
      List<Tier> placed = host(new AllSlow()).deploy(layers, sourceFrom(registry));
      assertEquals(List.of(Tier.SLOW, Tier.SLOW, Tier.SLOW), placed);
      for (Layer layer : layers) {
        assertArrayEquals(
            image.layers().get(layer.position()).compressed(),
            Files.readAllBytes(slow.resolve(layer.diffId().digest().hex())));
      }
    }
  }

  @Test
  void aLayerOfOtherBytesEndsTheDeployment() throws IOException {
    try (HostileRegistry registry =
        serve(TinyImage.threeLayers(), HostileRegistry.Fault.LAYER_OF_OTHER_BYTES)) {
      List<Layer> layers = layersOf(registry);
      IOException failure =
          assertThrows(
              IOException.class, () -> host(new Lass()).deploy(layers, sourceFrom(registry)));
      assertInstanceOf(DigestMismatchException.class, failure.getCause());
    }
  }

  /** Deploys with Lass, and lets one layer arrive when all layers below it are stored. */
  private List<Tier> deployWithLast(int last, int count) throws IOException {
    try (HostileRegistry registry =
        serve(TinyImage.withLayers(count, 2, 100), HostileRegistry.Fault.NONE)) {
      CountDownLatch others = new CountDownLatch(count - 1);
      CountDownLatch below = new CountDownLatch(last);
      ParallelDownload.Source verified = sourceFrom(registry);
      ParallelDownload.Source ordered =
          (layer, file) -> {
            if (layer.position() == last) {
              await(others);
              await(below);
            }
            verified.fetch(layer, file);
            if (layer.position() != last) {
              others.countDown();
            }
          };
      LayerPlacementPolicy counting =
          (position, progress) -> {
            Tier tier = new Lass().place(position, progress);
            below.countDown();
            return tier;
          };
      return host(counting).deploy(layersOf(registry), ordered);
    }
  }

  private PlacementHost host(LayerPlacementPolicy policy) {
    return new PlacementHost(policy, fast, slow);
  }

  private static HostileRegistry serve(TinyImage image, HostileRegistry.Fault fault)
      throws IOException {
    return HostileRegistry.serving(image, fault);
  }

  private List<Layer> layersOf(HostileRegistry registry) throws IOException {
    return client.resolve(registry.reference(), Platform.host()).layers();
  }

  private ParallelDownload.Source sourceFrom(HostileRegistry registry) {
    return (layer, file) -> {
      try (FileChannel sink =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        client.fetch(registry.reference(), layer, sink, arrived -> {}, () -> false);
      }
    };
  }

  private static void await(CountDownLatch latch) throws IOException {
    try {
      if (!latch.await(30, TimeUnit.SECONDS)) {
        throw new IOException("what was to come first did not come");
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }
}
