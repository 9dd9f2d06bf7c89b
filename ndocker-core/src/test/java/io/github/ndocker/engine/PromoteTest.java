package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.ByteRange;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.HotFile;
import io.github.ndocker.api.HotFileDetector;
import io.github.ndocker.api.HotLayer;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.erofs.TreeComparison;
import io.github.ndocker.hotfile.ProfileDocument;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.linux.OpenFiles;
import io.github.ndocker.placement.BoundaryLayer;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsWay;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ProfileRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PromoteTest {
  private static final int FILES = 4;
  private static final int FILE_BYTES = 150_001;

  @TempDir Path directory;
  private Host host;
  private ImageReference reference;
  private ChainId chainId;

  @BeforeEach
  void deploy() throws IOException {
    host = Host.in(directory);
    try (HostileRegistry registry =
            HostileRegistry.serving(TinyImage.withLayers(3, FILES, FILE_BYTES), Fault.NONE);
        // on both tiers, whatever the order in which layers arrive
        NDocker engine = host.builder().placement(new BoundaryLayer(1)).open()) {
      reference = registry.reference();
      engine.deploy(reference, progress -> {});
      chainId = engine.inspect(reference).chainId();
    }
  }

  /** A start that read pages here and there, as a tracer would say. */
  private List<HotFile> traced(String workload, long seed) throws IOException {
    Random random = new Random(seed);
    List<HotFile> files = new ArrayList<>();
    for (int file = 0; file < 3 * FILES; file++) {
      List<ByteRange> ranges = new ArrayList<>();
      for (long at = random.nextInt(8) * 4096L; at < FILE_BYTES; ) {
        long length = Math.min((1 + random.nextInt(6)) * 4096L, FILE_BYTES - at);
        ranges.add(new ByteRange(at, length));
        at += length + (1 + random.nextInt(6)) * 4096L;
      }
      files.add(new HotFile("/layer" + file / FILES + "/file" + file % FILES, ranges));
    }
    try (Catalogue catalogue = Catalogue.open(host.state())) {
      Profile profile = Profile.ofOneRun(chainId, workload, true, files);
      catalogue
          .profiles()
          .put(new ProfileRecord(chainId, workload, ProfileDocument.write(profile)));
    }
    return files;
  }

  @Test
  void saysWhereTheHotBytesOfEveryFileLie() throws IOException {
    LoopMount.assumePossible();
    List<HotFile> files = traced("default", 9);
    try (NDocker engine = host.open();
        RootFilesystem mounted = engine.mount(reference)) {
      for (HotFilePlace place : engine.inspect(reference).hotFiles()) {
        assertEquals(List.of(), place.ranges(), place.path());
      }
      engine.promote(reference, "default");
      List<HotFilePlace> places = engine.inspect(reference).hotFiles();
      assertEquals(files.size(), places.size());
      for (int i = 0; i < files.size(); i++) {
        HotFile file = files.get(i);
        assertEquals(file.path(), places.get(i).path());
        assertEquals(FILE_BYTES, places.get(i).fileBytes());
        assertEquals(file.bytes(), places.get(i).packedBytes());
        Path original = mounted.image().resolve(file.path().substring(1));
        for (int range = 0; range < file.ranges().size(); range++) {
          ByteRange read = file.ranges().get(range);
          BlobExtent packed = places.get(i).ranges().get(range);
          assertArrayEquals(
              bytes(original, read.offset(), read.length()),
              bytes(packed.file(), packed.offset(), packed.length()));
        }
      }
    }
  }

  @Test
  void whatWasMountedIsAtHandAndNoDeletedFileIs() throws IOException {
    LoopMount.assumePossible();
    traced("default", 5);
    try (NDocker engine = host.open()) {
      engine.mount(reference).close();
      assertEquals(1, openMetadata().size());
      assertEquals(
          3, OpenFiles.below(directory).stream().filter(PromoteTest::isBlob).count(), "layers");
      engine.promote(reference, "default");
      engine.mount(reference).close();
      List<Path> promoted = openMetadata();
      assertEquals(1, promoted.size());
      assertTrue(Files.exists(promoted.get(0)), promoted.toString());
      engine.remove(reference);
      assertEquals(List.of(), openMetadata());
      assertEquals(
          List.of(),
          OpenFiles.below(directory).stream()
              .filter(file -> file.toString().contains("(deleted)"))
              .toList());
    }
  }

  private static boolean isBlob(Path file) {
    return file.getParent().endsWith("blobs/sha256");
  }

  private List<Path> openMetadata() throws IOException {
    return OpenFiles.below(directory).stream()
        .filter(file -> file.toString().contains(".erofs"))
        .toList();
  }

  private static byte[] bytes(Path file, long offset, long length) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer bytes = ByteBuffer.allocate((int) length);
      channel.read(bytes, offset);
      return bytes.array();
    }
  }

  @ParameterizedTest
  @EnumSource(value = RootfsWay.class, mode = EnumSource.Mode.EXCLUDE, names = "DIRECTORIES")
  void showsEveryByteAsBefore(RootfsWay way) throws IOException {
    LoopMount.assumePossible();
    traced("default", 7);
    try (NDocker engine = host.builder().rootfsWays(List.of(way)).open();
        RootFilesystem before = engine.mount(reference)) {
      Promotion promotion = engine.promote(reference, "default");
      assertTrue(promotion.packedBytes() > 0);
      assertEquals(promotion.packedBytes(), engine.inspect(reference).fastBytes());
      try (RootFilesystem after = engine.mount(reference)) {
        TreeComparison.Result result = TreeComparison.compare(before.image(), after.image());
        assertEquals(List.of(), result.differences());
        assertTrue(result.files() > 3 * FILES);
        assertEquals(List.of(), TreeComparison.compare(after.image(), after.root()).differences());
      }
      engine.promote(reference, "default");
      assertTrue(promotion.packedBytes() < engine.usage(Tier.FAST).usedBytes(), "still mounted");
      before.close();
      assertEquals(promotion.packedBytes(), engine.usage(Tier.FAST).usedBytes());
    }
  }

  @Test
  void stillMountsAndReadsRightWhenTheFastTierIsEmptied() throws IOException {
    LoopMount.assumePossible();
    traced("default", 8);
    try (NDocker engine = host.open()) {
      engine.promote(reference, "default");
    }
    try (NDocker engine = host.open();
        RootFilesystem before = engine.mount(reference)) {
      engine.close();
      for (Path left : blobFiles(host.fast())) {
        Files.delete(left);
      }
      try (NDocker again = host.open();
          RootFilesystem after = again.mount(reference)) {
        assertEquals(0, again.inspect(reference).fastBytes());
        assertEquals(
            List.of(), TreeComparison.compare(before.image(), after.image()).differences());
      }
    }
  }

  @Test
  void replacesTheEarlierPack() throws IOException {
    traced("one", 1);
    traced("two", 2);
    try (NDocker engine = host.open()) {
      engine.promote(reference, "one");
      Promotion two = engine.promote(reference, "two");
      assertEquals(two.packedBytes(), engine.usage(Tier.FAST).usedBytes());
      engine.settle(reference);
      assertTrue(engine.inspect(reference).hotPacks().isEmpty());
      engine.remove(reference);
    }
    assertEquals(List.of(), blobFiles(host.fast()));
    assertEquals(List.of(), blobFiles(host.slow()));
  }

  @Test
  void isForgottenByGcWhenARemovalWasKilledAfterItsFirstStep() throws IOException {
    traced("one", 1);
    try (NDocker engine = host.open()) {
      engine.promote(reference, "one");
    }
    try (Catalogue catalogue = Catalogue.open(host.state())) {
      catalogue.images().remove(reference.toString());
    }
    try (NDocker engine = host.open()) {
      engine.gc();
    }
    for (String directory : List.of("fast/blobs", "slow/blobs", "state/metadata", "state/index")) {
      try (Stream<Path> left = Files.walk(host.directory().resolve(directory))) {
        assertEquals(List.of(), left.filter(Files::isRegularFile).toList());
      }
    }
    try (Catalogue catalogue = Catalogue.open(host.state())) {
      assertEquals(List.of(), catalogue.promotions().list());
      assertEquals(List.of(), catalogue.profiles().list());
    }
  }

  @Test
  void forgetsNoPackWhenTheSlowTierIsFull() throws IOException {
    traced("one", 5);
    traced("two", 6);
    HotFileDetector keepsALayer =
        evidence ->
            new HotSet(
                List.of(new HotLayer(2, "for the test")),
                evidence.profile().map(Profile::hotFiles).orElse(List.of()));
    try (NDocker engine = host.builder().detector(keepsALayer).open()) {
      engine.promote(reference, "one");
      assertEquals(2, engine.usage(Tier.FAST).blobs());
    }
    try (NDocker engine = host.withSlowBytes(0).open()) {
      assertThrows(TierFullException.class, () -> engine.promote(reference, "two"));
      assertEquals(2, engine.usage(Tier.FAST).blobs(), "the layer and the new pack");
    }
    try (NDocker engine = host.open()) {
      engine.remove(reference);
    }
    assertEquals(List.of(), blobFiles(host.fast()));
    assertEquals(List.of(), blobFiles(host.slow()));
  }

  @Test
  void saysWhatToDoWhenALayerIsLost() throws IOException {
    traced("default", 9);
    for (Path blob : blobFiles(host.slow())) {
      if (!Host.isRecord(blob)) {
        Files.delete(blob);
      }
    }
    try (NDocker engine = host.open()) {
      for (Executable use :
          List.<Executable>of(
              () -> engine.settle(reference),
              () -> engine.promote(reference, "default"),
              () -> engine.mount(reference))) {
        BlobNotFoundException failure = assertThrows(BlobNotFoundException.class, use);
        assertTrue(failure.getMessage().contains("deploy the image again"), failure.getMessage());
      }
      assertEquals(0, engine.inspect(reference).metadataBytes());
    }
  }

  @Test
  void packsNothingOfALayerThatIsDamaged() throws IOException {
    traced("default", 10);
    List<Path> layers = new ArrayList<>(blobFiles(host.slow()));
    layers.addAll(blobFiles(host.fast()));
    for (Path layer : layers) {
      if (!Host.isRecord(layer)) {
        byte[] bytes = Files.readAllBytes(layer);
        bytes[bytes.length - 1] ^= 1;
        Files.write(layer, bytes);
      }
    }
    try (NDocker engine = host.open()) {
      assertThrows(DigestMismatchException.class, () -> engine.promote(reference, "default"));
      assertEquals(List.of(), engine.inspect(reference).hotPacks());
    }
  }

  @Test
  void saysThatAWorkloadWasNotTraced() throws IOException {
    try (NDocker engine = host.open()) {
      NotTracedException failure =
          assertThrows(NotTracedException.class, () -> engine.promote(reference, "web"));
      assertTrue(failure.getMessage().contains("'web'"), failure.getMessage());
    }
  }

  @Test
  void goesOnWhileTheImageIsMountedAgainAndAgain() throws Exception {
    LoopMount.assumePossible();
    traced("one", 3);
    traced("two", 4);
    try (NDocker engine = host.open();
        RootFilesystem before = engine.mount(reference)) {
      FutureTask<Boolean> promoting =
          new FutureTask<>(
              () -> {
                for (int round = 0; round < 6; round++) {
                  engine.promote(reference, round % 2 == 0 ? "one" : "two");
                  engine.settle(reference);
                }
                return true;
              });
      Thread thread = new Thread(promoting, "promoting");
      thread.start();
      int mounts = 0;
      while (!promoting.isDone() || mounts == 0) {
        try (RootFilesystem after = engine.mount(reference)) {
          assertEquals(
              List.of(), TreeComparison.compare(before.image(), after.image()).differences());
        }
        mounts++;
      }
      assertTrue(promoting.get());
      thread.join();
    }
    assertEquals(0, host.state().resolve("mounts/roots").toFile().list().length);
    assertEquals(0, host.state().resolve("mounts/trees").toFile().list().length);
  }

  private static List<Path> blobFiles(Path tier) throws IOException {
    List<Path> blobs = new ArrayList<>();
    try (var walk = Files.walk(tier)) {
      walk.filter(Files::isRegularFile)
          .filter(f -> f.getFileName().toString().length() >= 60)
          .forEach(blobs::add);
    }
    return blobs;
  }
}
