package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.LayerProgress;
import io.github.ndocker.api.LayerState;
import io.github.ndocker.api.Tier;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.placement.Pipelined;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import io.github.ndocker.rootfs.RootFilesystem;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StreamingDeployTest {
  private static final DeploymentListener NOBODY = progress -> {};

  /** The other tier for every piece. */
  private static final LayerPlacementPolicy ALTERNATING =
      (position, progress) -> {
        LayerProgress layer = progress.layers().get(position);
        long piece = (layer.slowBytes() + layer.fastBytes()) / PieceQueue.PIECE_BYTES;
        return piece % 2 == 0 ? Tier.SLOW : Tier.FAST;
      };

  /** A deployment may take as long as it likes. */
  private static final LayerPlacementPolicy PATIENT =
      new Pipelined(0, Duration.ofMinutes(1), 1 << 30, 1e9);

  @TempDir Path directory;

  private Host host() {
    return Host.in(directory).withPipeline(Pipeline.STREAMING);
  }

  /** Small files around one that is larger than several pieces. */
  private static Map<String, byte[]> files() {
    Random random = new Random(7);
    Map<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < 60; i++) {
      files.put("a" + i, bytes(random, random.nextInt(100_000)));
      files.put("z" + i, bytes(random, random.nextInt(100_000)));
    }
    files.put("large", bytes(random, 5_300_000));
    return files;
  }

  private static TinyImage image() throws IOException {
    return TinyImage.of(
        List.of(
            TinyLayer.of("ADD base /", files()),
            TinyLayer.ofTexts("RUN useradd small", Map.of("small", "s"))));
  }

  private static byte[] bytes(Random random, int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  @Test
  void aLayerMayLieOnBothTiersAndIsTheSameLayer() throws IOException {
    TinyImage image = image();
    TinyLayer base = image.layers().get(0);
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE)) {
      BlobLocation location;
      try (NDocker engine = host().builder().placement(ALTERNATING).open()) {
        Deployment deployment = engine.deploy(registry.reference(), NOBODY);
        location = location(engine, registry.reference(), 0);
        assertTrue(location.extents().size() > 4, location.toString());
        assertEquals(location.bytesOn(Tier.FAST), deployment.fastBytes());
        assertArrayEquals(base.tar(), read(location));
        // one device for each tier
        assertEquals(2, location.extents().stream().map(BlobExtent::file).distinct().count());
      }
      try (NDocker again = host().open()) {
        assertEquals(location, location(again, registry.reference(), 0));
        Promotion settled = again.settle(registry.reference());
        assertEquals(location.bytesOn(Tier.FAST), settled.movedToSlow());
        BlobLocation whole = location(again, registry.reference(), 0);
        assertTrue(whole.isWhollyOn(Tier.SLOW), whole.toString());
        assertArrayEquals(base.tar(), read(whole));
        assertEquals(0, again.usage(Tier.FAST).usedBytes());
        again.remove(registry.reference());
      }
    }
    assertEquals(List.of(), blobs());
  }

  @Test
  void nothingIsLeftOfASplitLayerThatIsRemoved() throws IOException {
    try (HostileRegistry registry = HostileRegistry.serving(image(), Fault.NONE);
        NDocker engine = host().builder().placement(ALTERNATING).open()) {
      engine.deploy(registry.reference(), NOBODY);
      engine.remove(registry.reference());
      assertEquals(0, engine.usage(Tier.FAST).usedBytes());
      assertEquals(0, engine.usage(Tier.SLOW).usedBytes());
    }
    assertEquals(List.of(), blobs());
  }

  @Test
  void theKernelServesFilesFromBothTiers() throws IOException {
    assumeTrue("root".equals(System.getProperty("user.name")), "mounting needs root");
    try (HostileRegistry registry = HostileRegistry.serving(image(), Fault.NONE);
        NDocker engine = host().builder().placement(ALTERNATING).open()) {
      engine.deploy(registry.reference(), NOBODY);
      try (RootFilesystem mounted = engine.mount(registry.reference())) {
        for (Map.Entry<String, byte[]> file : files().entrySet()) {
          assertArrayEquals(
              file.getValue(),
              Files.readAllBytes(mounted.root().resolve(file.getKey())),
              file.getKey());
        }
      }
    }
  }

  @Test
  void goesToTheSlowTierWhereTheFastOneIsFull() throws IOException {
    TinyImage image = image();
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine =
            host().withFastBytes(2_500_000).builder().placement(new AllFast()).open()) {
      engine.deploy(registry.reference(), NOBODY);
      BlobLocation location = location(engine, registry.reference(), 0);
      long fast = location.bytesOn(Tier.FAST);
      assertTrue(fast >= 1 << 20 && fast <= 2_500_000, location.toString());
      assertArrayEquals(image.layers().get(0).tar(), read(location));
    }
  }

  @Test
  void aSlowTierThatKeepsUpGetsEverything() throws IOException {
    List<LayerState> states = new ArrayList<>();
    try (HostileRegistry registry = HostileRegistry.serving(image(), Fault.NONE);
        NDocker engine = host().builder().placement(PATIENT).open()) {
      Deployment deployment =
          engine.deploy(
              registry.reference(),
              progress -> {
                LayerState state = progress.layers().get(0).state();
                if (state != LayerState.WAITING && !states.contains(state)) {
                  states.add(state);
                }
              });
      assertEquals(0, deployment.fastBytes());
      assertEquals(
          List.of(
              LayerState.DOWNLOADING, LayerState.DOWNLOADED, LayerState.STORING, LayerState.STORED),
          states);
    }
  }

  @Test
  void twoDeploymentsThatShareALayerFetchItOnce() throws Exception {
    TinyImage image = image();
    TinyImage other =
        TinyImage.of(
            List.of(
                image.layers().get(0), TinyLayer.ofTexts("COPY other /", Map.of("other", "o"))));
    try (HostileRegistry first = HostileRegistry.serving(image, Fault.NONE);
        HostileRegistry second = HostileRegistry.serving(other, Fault.NONE);
        NDocker engine = host().open()) {
      TinyLayer shared = image.layers().get(0);
      first.withhold(shared);
      CountDownLatch begun = new CountDownLatch(1);
      FutureTask<Deployment> one =
          new FutureTask<>(
              () ->
                  engine.deploy(
                      first.reference(),
                      progress -> {
                        if (progress.layers().get(0).state() == LayerState.DOWNLOADING) {
                          begun.countDown();
                        }
                      }));
      new Thread(one, "first deployment").start();
      begun.await();
      FutureTask<Deployment> two =
          new FutureTask<>(
              () ->
                  engine.deploy(
                      second.reference(),
                      progress -> {
                        // its own layer is there, so only the shared one is waited for
                        if (progress.layers().get(1).state() == LayerState.STORED) {
                          first.letGo(shared);
                        }
                      }));
      new Thread(two, "second deployment").start();
      two.get();
      one.get();
      assertEquals(1, first.requestsFor(shared.digest().toString()));
      assertEquals(0, second.requestsFor(shared.digest().toString()));
    }
  }

  private static BlobLocation location(NDocker engine, ImageReference image, int layer)
      throws IOException {
    return engine.inspect(image).layers().get(layer).location().orElseThrow();
  }

  private static byte[] read(BlobLocation location) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (BlobExtent extent : location.extents()) {
      byte[] bytes = new byte[(int) extent.length()];
      try (RandomAccessFile file = new RandomAccessFile(extent.file().toFile(), "r")) {
        file.seek(extent.offset());
        file.readFully(bytes);
      }
      all.writeBytes(bytes);
    }
    return all.toByteArray();
  }

  /** Whatever lies on the tiers. */
  private List<Path> blobs() throws IOException {
    List<Path> blobs = new ArrayList<>();
    for (Path tier : List.of(host().fast(), host().slow())) {
      try (Stream<Path> files = Files.walk(tier)) {
        files
            .filter(Files::isRegularFile)
            .filter(file -> !file.endsWith("lock") && !file.endsWith("format"))
            .forEach(blobs::add);
      }
    }
    return blobs;
  }
}
