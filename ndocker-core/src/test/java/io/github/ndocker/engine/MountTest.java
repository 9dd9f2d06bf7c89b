package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.erofs.TreeComparison;
import io.github.ndocker.linux.MountTable;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.rootfs.MountException;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsWay;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Root filesystems of an engine: shared, found again, in every way. */
class MountTest {
  @TempDir Path directory;

  @BeforeEach
  void look() {
    LoopMount.assumePossible();
  }

  @AfterEach
  void nothingIsMounted() throws IOException {
    Path real = directory.toRealPath();
    assertEquals(
        List.of(),
        MountTable.mountPoints().stream().filter(point -> point.startsWith(real)).toList());
  }

  @Test
  void oneMountServesAllContainersOfAnImageAndTheNextEngineFindsIt() throws IOException {
    Host host = Host.in(directory);
    try (HostileRegistry registry = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE)) {
      Path image;
      try (NDocker engine = host.open()) {
        engine.deploy(registry.reference(), progress -> {});
        image = engine.mount(registry.reference()).image();
        assertEquals(image, engine.mount(registry.reference()).image());
      }
      try (NDocker engine = host.open()) {
        List<RootFilesystem> found = engine.rootfs().mounted();
        assertEquals(2, found.size());
        assertEquals(image, found.get(0).image());
        assertEquals(image, engine.mount(registry.reference()).image());
        engine.remove(registry.reference());
        assertTrue(used(engine) > 0, "still mounted");
        for (RootFilesystem mounted : engine.rootfs().mounted()) {
          mounted.close();
        }
        long unused = engine.gc();
        assertEquals(0, used(engine));
      }
    }
  }

  private static long used(NDocker engine) throws IOException {
    return engine.usage(Tier.FAST).usedBytes() + engine.usage(Tier.SLOW).usedBytes();
  }

  @Test
  void directoriesShowWhatErofsShowsAndGoWithTheImage() throws IOException {
    Host host = Host.in(directory);
    Path unpacked = host.state().resolve("unpacked");
    try (HostileRegistry registry = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE)) {
      RootFilesystem erofs;
      try (NDocker engine = host.open()) {
        engine.deploy(registry.reference(), progress -> {});
        erofs = engine.mount(registry.reference());
        assertEquals(RootfsWay.EROFS_FILES, erofs.way());
      }
      try (erofs;
          NDocker engine = host.builder().rootfsWays(List.of(RootfsWay.DIRECTORIES)).open()) {
        RootFilesystem mounted = engine.mount(registry.reference(), RootfsOptions.READ_ONLY);
        assertEquals(RootfsWay.DIRECTORIES, mounted.way());
        assertEquals(
            List.of(), TreeComparison.compare(erofs.image(), mounted.root()).differences());
        ContainerSpec spec = engine.containerSpec(registry.reference(), List.of("/program"));
        assertThrows(MountException.class, () -> engine.startTraced(registry.reference(), spec));
        engine.remove(registry.reference());
        assertEquals(1, unpacked.toFile().list().length);
        mounted.close();
        long unused = engine.gc();
        assertEquals(0, unpacked.toFile().list().length);
      }
    }
  }
}
