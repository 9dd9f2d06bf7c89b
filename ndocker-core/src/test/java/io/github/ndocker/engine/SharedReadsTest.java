package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Many root filesystems of one image, over tiers on a device whose reads are counted. */
class SharedReadsTest {
  private static final int CONTAINERS = 20;
  private static final int FILES = 4;
  private static final long PATIENCE_SECONDS = 30;
  private static final int FILE_BYTES = 1_000_000;

  /** Directories and extents of the file system that the pack lies on. */
  private static final long METADATA_BYTES = 128 << 10;

  @TempDir Path directory;

  private ImageReference image;

  @Test
  void twentyAtOnceReadEachHotByteFromTheDeviceOnce() throws Exception {
    LoopMount.assumePossible();
    try (CountedDisk disk = CountedDisk.make(directory.resolve("disk"))) {
      Promotion promotion = promote(disk);
      try (NDocker engine = open(disk)) {
        long before = disk.readBytes();
        startTwenty(engine, image);
        long read = disk.readBytes() - before;
        assertTrue(promotion.packedBytes() >= (FILES + 1) * FILE_BYTES);
        assertTrue(read >= promotion.packedBytes(), read + " bytes: they were in memory");
        assertTrue(
            read <= promotion.packedBytes() + METADATA_BYTES,
            read + " bytes, of a pack of " + promotion.packedBytes());
      }
    }
  }

  @Test
  @Timeout(PATIENCE_SECONDS)
  void aMountHasThePackReadBeforeAnybodyAsksForIt() throws Exception {
    LoopMount.assumePossible();
    try (CountedDisk disk = CountedDisk.make(directory.resolve("disk"))) {
      Promotion promotion = promote(disk);
      try (NDocker engine = open(disk)) {
        long before = disk.readBytes();
        engine.mount(image).close();
        while (disk.readBytes() - before < promotion.packedBytes()) {
          Thread.onSpinWait();
        }
      }
    }
  }

  /** Some files of two layers, of which nothing is in memory then. */
  private Promotion promote(CountedDisk disk) throws Exception {
    Promotion promotion;
    try (NDocker engine = open(disk);
        HostileRegistry registry =
            HostileRegistry.serving(TinyImage.withLayers(2, FILES, FILE_BYTES), Fault.NONE)) {
      image = registry.reference();
      engine.deploy(image, progress -> {});
      engine.importProfile(image, "w", "/layer0/file*\n/layer1/file0\n", false);
      promotion = engine.promote(image, "w");
    }
    disk.mountAgain();
    return promotion;
  }

  private NDocker open(CountedDisk disk) throws IOException {
    return NDocker.builder(
            directory.resolve("state"),
            FileTier.open(disk.path().resolve("fast"), 32 << 20),
            FileTier.open(disk.path().resolve("slow"), 32 << 20))
        .registry(Host.impatient())
        .open();
  }

  private static void startTwenty(NDocker engine, ImageReference image) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CONTAINERS);
    CyclicBarrier mounted = new CyclicBarrier(CONTAINERS);
    Callable<Long> start =
        () -> {
          try (RootFilesystem rootfs = engine.mount(image)) {
            // one that fails keeps no other one waiting
            mounted.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            long bytes = 0;
            for (int file = 0; file < FILES; file++) {
              bytes += Files.readAllBytes(rootfs.root().resolve("layer0/file" + file)).length;
            }
            bytes += Files.readAllBytes(rootfs.root().resolve("layer1/file0")).length;
            // none ends, and takes what it has read with it, before all have read
            mounted.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            return bytes;
          }
        };
    try {
      List<Callable<Long>> starts = new ArrayList<>();
      for (int i = 0; i < CONTAINERS; i++) {
        starts.add(start);
      }
      for (Future<Long> read : threads.invokeAll(starts)) {
        assertEquals((FILES + 1) * FILE_BYTES, read.get());
      }
    } finally {
      threads.shutdown();
    }
  }
}
