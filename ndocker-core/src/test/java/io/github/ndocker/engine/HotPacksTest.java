package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.erofs.TreeComparison;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.FileTier;
import io.github.ndocker.store.ProfileRecord;
import io.github.ndocker.store.RightOfWay;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images of two and of three layers; the lower two are the same ones. */
class HotPacksTest {
  private static final int FILES = 3;
  private static final int FILE_BYTES = 200_000;
  private static final long HOT_BYTES = 163_840;

  @TempDir Path directory;

  private ImageReference deploy(NDocker engine, int layers) throws IOException {
    try (HostileRegistry registry =
        HostileRegistry.serving(TinyImage.withLayers(layers, FILES, FILE_BYTES), Fault.NONE)) {
      engine.deploy(registry.reference(), progress -> {});
      return registry.reference();
    }
  }

  /** The first bytes of one file of each layer, as if a start had read them. */
  private void trace(Path state, ChainId image, int layers) throws IOException {
    List<HotFile> files = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      files.add(new HotFile("/layer" + layer + "/file0", List.of(new ByteRange(0, HOT_BYTES))));
    }
    try (Catalogue catalogue = Catalogue.open(state)) {
      Profile profile = Profile.ofOneRun(image, "w", true, files);
      catalogue.profiles().put(new ProfileRecord(image, "w", ProfileDocument.write(profile)));
    }
  }

  private record Pair(ImageReference small, ImageReference large) {}

  private Pair deployTwo(Host host) throws IOException {
    ImageReference small;
    ImageReference large;
    ChainId ofSmall;
    ChainId ofLarge;
    try (NDocker engine = host.builder().placement(new AllFast()).open()) {
      small = deploy(engine, 2);
      large = deploy(engine, 3);
      ofSmall = engine.inspect(small).chainId();
      ofLarge = engine.inspect(large).chainId();
    }
    trace(host.state(), ofSmall, 2);
    trace(host.state(), ofLarge, 3);
    return new Pair(small, large);
  }

  @Test
  void whatTwoImagesReadOfOneLayerIsPackedOnce() throws IOException {
    LoopMount.assumePossible();
    Host host = Host.in(directory);
    Pair images = deployTwo(host);
    try (NDocker engine = host.open();
        RootFilesystem before = engine.mount(images.large())) {
      assertEquals(2 * HOT_BYTES, engine.promote(images.small(), "w").packedBytes());
      assertEquals(3 * HOT_BYTES, engine.promote(images.large(), "w").packedBytes());
      before.close();
      assertEquals(3 * HOT_BYTES, engine.usage(Tier.FAST).usedBytes());
      assertEquals(2, engine.inspect(images.large()).hotPacks().size());
      assertTrue(engine.demote(images.small()));
      assertFalse(engine.demote(images.small()));
      assertEquals(3 * HOT_BYTES, engine.inspect(images.large()).fastBytes());
      assertEquals(0, engine.inspect(images.small()).fastBytes());
      try (RootFilesystem promoted = engine.mount(images.large())) {
        engine.demote(images.large());
        try (RootFilesystem demoted = engine.mount(images.large())) {
          assertEquals(
              List.of(), TreeComparison.compare(demoted.image(), promoted.image()).differences());
        }
      }
    }
  }

  @Test
  void aPackThatIsMostlyNobodysIsGivenUp() throws IOException {
    Host host = Host.in(directory);
    Pair images = deployTwo(host);
    try (NDocker engine = host.open()) {
      engine.promote(images.large(), "w");
      engine.promote(images.small(), "w");
      assertEquals(3 * HOT_BYTES, engine.usage(Tier.FAST).usedBytes());
      engine.demote(images.large());
      assertEquals(2 * HOT_BYTES, engine.usage(Tier.FAST).usedBytes());
      engine.remove(images.large());
      assertEquals(2 * HOT_BYTES, engine.inspect(images.small()).fastBytes());
      engine.demote(images.small());
      assertEquals(0, engine.usage(Tier.FAST).blobs());
    }
  }

  @Test
  void whereOldAndNewPacksDoNotFitAtOnceTheOldOneGetsAnotherBesideIt() throws IOException {
    Host host = Host.in(directory).withFastBytes(4 * HOT_BYTES);
    ImageReference image;
    ChainId chain;
    try (NDocker engine = host.open()) {
      image = deploy(engine, 3);
      chain = engine.inspect(image).chainId();
    }
    trace(host.state(), chain, 2);
    try (NDocker engine = host.open()) {
      assertEquals(2 * HOT_BYTES, engine.promote(image, "w").packedBytes());
    }
    trace(host.state(), chain, 3);
    try (NDocker engine = host.open()) {
      engine.promote(image, "w");
      assertEquals(3 * HOT_BYTES, engine.inspect(image).fastBytes());
      assertEquals(3 * HOT_BYTES, engine.usage(Tier.FAST).usedBytes());
      assertEquals(2, engine.inspect(image).hotPacks().size());
    }
  }

  @Test
  void removingAnImageLeavesWhatOthersNeedOfItsPack() throws IOException {
    Host host = Host.in(directory);
    Pair images = deployTwo(host);
    try (NDocker engine = host.open()) {
      engine.promote(images.large(), "w");
      engine.promote(images.small(), "w");
      engine.remove(images.large());
      assertEquals(2 * HOT_BYTES, engine.inspect(images.small()).fastBytes());
      assertEquals(2 * HOT_BYTES, engine.usage(Tier.FAST).usedBytes());
    }
  }

  @Test
  void layersGoBackInTheBackgroundAndTheImageIsReadyForThatWhenTheyHave() throws IOException {
    Host host = Host.in(directory);
    Pair images = deployTwo(host);
    try (NDocker engine = host.builder().backgroundBytesPerSecond(1L << 30).open()) {
      Promotion promotion = engine.promote(images.small(), "w", BrushBack.BACKGROUND);
      assertTrue(promotion.movedToSlow() > 0);
      promotion.layersMoved().join();
      List<Path> ready = metadata(host);
      assertEquals(2 * HOT_BYTES, engine.inspect(images.small()).fastBytes());
      assertEquals(ready, metadata(host), "what a start needs was not there");
    }
  }

  @Test
  void layersStayWhereTheyAreWhileAnythingStartsAndGoBackAfterwards() throws IOException {
    LoopMount.assumePossible();
    Host host = Host.in(directory);
    Pair images = deployTwo(host);
    NDockerBuilder unlimited = host.builder().backgroundBytesPerSecond(0);
    unlimited.starting = Duration.ZERO;
    try (NDocker engine = unlimited.open()) {
      Promotion promotion;
      Inspection before = engine.inspect(images.large());
      try (RightOfWay.Use start = engine.rightOfWay().take()) {
        promotion = engine.promote(images.large(), "w", BrushBack.BACKGROUND);
        for (int i = 0; i < 10; i++) {
          // as much as a move takes, and more
          try (RootFilesystem mounted = engine.mount(images.large())) {
            assertEquals(
                FILE_BYTES, Files.readAllBytes(mounted.root().resolve("layer2/file1")).length);
          }
        }
        assertFalse(promotion.layersMoved().isDone());
        assertEquals(3, engine.moves().pending().size());
        assertEquals(before.layers(), engine.inspect(images.large()).layers());
      }
      promotion.layersMoved().join();
      assertEquals(List.of(), engine.moves().pending());
      assertEquals(3 * HOT_BYTES, engine.inspect(images.large()).fastBytes());
    }
  }

  private static List<Path> metadata(Host host) throws IOException {
    try (Stream<Path> files = Files.list(host.state().resolve("metadata"))) {
      return files.sorted().toList();
    }
  }

  @Test
  void everyImageKeepsWhatItReadsWhateverOthersDo() throws IOException {
    long seed = Long.getLong("ndocker.seed", System.nanoTime());
    Random random = new Random(seed);
    Host host = Host.in(directory);
    Pair images = deployTwo(host);
    Map<ImageReference, Long> promoted = new HashMap<>();
    try (NDocker engine = host.open()) {
      for (ImageReference image : List.of(images.small(), images.large())) {
        promoted.put(image, engine.promote(image, "w").packedBytes());
      }
      for (int round = 0; round < 60; round++) {
        boolean small = random.nextBoolean();
        ImageReference image = small ? images.small() : images.large();
        if (random.nextInt(4) == 0) {
          engine.demote(image);
          promoted.remove(image);
        } else {
          Profile read = randomProfile(random, engine.inspect(image).chainId(), small ? 2 : 3);
          engine.importProfile(image, "w", ProfileDocument.write(read), true);
          promoted.put(image, engine.promote(image, "w").packedBytes());
        }
        String context = "-Dndocker.seed=" + seed + ", round " + round;
        long sum = 0;
        for (Map.Entry<ImageReference, Long> one : promoted.entrySet()) {
          assertEquals(one.getValue(), engine.inspect(one.getKey()).fastBytes(), context);
          sum += one.getValue();
        }
        // each pack may be for a quarter nobody's
        assertTrue(engine.usage(Tier.FAST).usedBytes() <= sum / 3 * 4, context);
      }
    }
  }

  private static Profile randomProfile(Random random, ChainId image, int layers) {
    List<HotFile> files = new ArrayList<>();
    for (int file = 0; file < layers * FILES; file++) {
      List<ByteRange> ranges = new ArrayList<>();
      for (long page = random.nextInt(20); page < FILE_BYTES / 4096; page += random.nextInt(30)) {
        long pages = Math.min(1 + random.nextInt(20), FILE_BYTES / 4096 - page);
        ranges.add(new ByteRange(page * 4096, pages * 4096));
        page += pages + 1;
      }
      files.add(new HotFile("/layer" + file / FILES + "/file" + file % FILES, ranges));
    }
    return Profile.ofOneRun(image, "w", true, files);
  }

  @Test
  void withoutAFastMediumThePackLiesOnTheSlowOne() throws IOException {
    LoopMount.assumePossible();
    Path state = directory.resolve("state");
    ImageReference image;
    ChainId chain;
    try (NDocker engine = onlySlow(state)) {
      image = deploy(engine, 2);
      chain = engine.inspect(image).chainId();
    }
    trace(state, chain, 2);
    try (NDocker engine = onlySlow(state);
        RootFilesystem before = engine.mount(image)) {
      assertEquals(2 * HOT_BYTES, engine.promote(image, "w").packedBytes());
      HotPackPlace pack = engine.inspect(image).hotPacks().get(0);
      assertTrue(pack.location().isWhollyOn(Tier.SLOW));
      assertEquals(0, engine.inspect(image).fastBytes());
      try (RootFilesystem after = engine.mount(image)) {
        assertEquals(
            List.of(), TreeComparison.compare(before.image(), after.image()).differences());
      }
    }
  }

  private NDocker onlySlow(Path state) throws IOException {
    return NDocker.builder(state, FileTier.open(directory.resolve("only"), 1L << 30))
        .registry(Host.impatient())
        .open();
  }
}
