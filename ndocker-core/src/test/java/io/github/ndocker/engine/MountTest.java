package io.github.ndocker.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Tier;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.erofs.TreeComparison;
import io.github.ndocker.layer.TarBuilder;
import io.github.ndocker.linux.MountTable;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.registry.TinyLayer;
import io.github.ndocker.rootfs.IdMapping;
import io.github.ndocker.rootfs.MountException;
import io.github.ndocker.rootfs.RootFilesystem;
import io.github.ndocker.rootfs.RootfsOptions;
import io.github.ndocker.rootfs.RootfsWay;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.Probe;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
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
        TraceOptions options = TraceOptions.until(TraceEnd.after(Duration.ofSeconds(1)));
        assertThrows(
            MountException.class, () -> engine.startTraced(registry.reference(), spec, options));
        engine.remove(registry.reference());
        assertEquals(1, unpacked.toFile().list().length);
        mounted.close();
        long unused = engine.gc();
        assertEquals(0, unpacked.toFile().list().length);
      }
    }
  }

  @Test
  void containersInAUserNamespaceOwnTheImagesFiles() throws IOException {
    Probe.assumeContainers();
    Path program = Probe.compile(directory);
    byte[] bytes = Files.readAllBytes(program);
    byte[] header = TarBuilder.header('0', "probe", "", bytes.length);
    byte[] tar =
        new TarBuilder()
            .block(TarBuilder.patched(header, 100, "0000755".getBytes(US_ASCII)))
            .block(Arrays.copyOf(bytes, (bytes.length + 511) / 512 * 512))
            .directory("proc/")
            .directory("sys/")
            .directory("dev/")
            .finished();
    TinyImage image = TinyImage.of(List.of(TinyLayer.ofTar("COPY probe /", tar)));
    try (HostileRegistry registry = HostileRegistry.serving(image, Fault.NONE);
        NDocker engine = Host.in(directory.resolve("host")).open()) {
      engine.deploy(registry.reference(), progress -> {});
      ContainerSpec spec =
          engine
              .containerSpec(registry.reference(), List.of("/probe", "ids", "write", "/new"))
              .withIdMappings(List.of(new IdMapping(0, 200_000, 1_000)));
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
      Files.setPosixFilePermissions(
          directory.resolve("host"), PosixFilePermissions.fromString("rwx--x--x"));
      try (RunningContainer running = engine.start(registry.reference(), spec)) {
        running.container().awaitReady(new Readiness.Exits("0:0"), Duration.ofSeconds(30));
        assertEquals(
            200_000, Files.getAttribute(running.rootfs().root().resolve("new"), "unix:uid"));
        assertEquals(
            200_000, Files.getAttribute(running.rootfs().root().resolve("probe"), "unix:uid"));
      }
    }
  }
}
