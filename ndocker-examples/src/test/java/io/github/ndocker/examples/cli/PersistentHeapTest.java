package io.github.ndocker.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.llpl.LlplTier;
import io.github.ndocker.registry.DockerRegistry;
import io.github.ndocker.rootfs.RootfsWay;
import io.github.ndocker.runtime.Readiness;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One JVM fills a persistent heap and ends; containers of another one read out of that heap. */
class PersistentHeapTest {
  private static final String POOL_SIZE = "192m";
  private static final List<String> COMMAND = List.of("python3", "-c", "print(6*7)");

  @TempDir Path directory;
  private PoolsInMemory memory;

  @BeforeEach
  void needsAHost() throws IOException {
    assumeTrue(DockerRegistry.isInstalled(), "docker-registry and skopeo are not installed");
    memory = PoolsInMemory.onAHostForContainers();
  }

  @AfterEach
  void removePools() throws IOException {
    if (memory != null) {
      memory.close();
    }
  }

  /** The first JVM: deploys, traces and promotes, as a user would. */
  static final class FirstProcess {
    public static void main(String[] arguments) {
      List<String> store = List.of(arguments).subList(0, 6);
      String image = arguments[6];
      for (String command : List.of("deploy", "trace", "promote")) {
        List<String> line = new java.util.ArrayList<>(List.of(command));
        line.addAll(store);
        line.add(image);
        if (command.equals("trace")) {
          line.add("--");
          line.addAll(COMMAND);
        }
        int code = Main.commandLine().execute(line.toArray(String[]::new));
        if (code != 0) {
          System.exit(code);
        }
      }
    }
  }

  private void fillInAnotherProcess(ImageReference image) throws Exception {
    Process first =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FirstProcess.class.getName(),
                "--state",
                directory.resolve("state").toString(),
                "--fast",
                "llpl:" + memory.pools(),
                "--fast-size",
                POOL_SIZE,
                image.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(first.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, first.waitFor(), said);
  }

  private NDocker open(RootfsWay way) throws IOException {
    Path state = directory.resolve("state");
    return NDocker.builder(
            state,
            LlplTier.open(memory.pools(), ByteSize.parse(POOL_SIZE)),
            FileTier.open(state.resolve("slow/layers"), 1L << 40))
        .indexes(state.resolve("slow/index"))
        .rootfsWays(List.of(way))
        .open();
  }

  private boolean poolIsBehindALoopDevice() throws IOException {
    try (Stream<Path> blocks = Files.list(Path.of("/sys/block"))) {
      for (Path block : blocks.toList()) {
        Path backing = block.resolve("loop/backing_file");
        if (Files.exists(backing)
            && Files.readString(backing)
                .strip()
                .equals(memory.pools().resolve("pool-1").toString())) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  void servesContainersOfAnotherProcessOutOfTheHeap() throws Exception {
    ImageReference image;
    try (DockerRegistry registry = DockerRegistry.start()) {
      image = registry.push(Path.of(System.getProperty("ndocker.images"), "oci"), "python");
      fillInAnotherProcess(image);
    }
    for (RootfsWay way : RootfsWay.values()) {
      try (NDocker engine = open(way)) {
        BlobExtent pack = engine.inspect(image).hotPacks().get(0).location().extents().get(0);
        assertEquals(memory.pools().resolve("pool-1"), pack.file());
        assertEquals(Tier.FAST, pack.tier());
        assertTrue(pack.offset() > 0 && pack.length() > 1_000_000, pack.toString());
        assertEquals(pack.length(), engine.inspect(image).fastBytes());
        try (RunningContainer running = engine.start(image, engine.containerSpec(image, COMMAND))) {
          assertEquals(way == RootfsWay.EROFS_LOOP_DEVICES, poolIsBehindALoopDevice());
          running.container().awaitReady(new Readiness.Exits("42"), Duration.ofSeconds(60));
          assertEquals("42\n", running.container().output());
        }
      }
    }
    assertTrue(!poolIsBehindALoopDevice());
  }
}
