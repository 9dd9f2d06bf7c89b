package io.github.ndocker.examples.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.llpl.LlplTier;
import io.github.ndocker.llpl.PersistentMemoryUnavailableException;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.runtime.Readiness;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.FileTier;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A container of a killed JVM, whose image is removed and whose EROFS mount is gone from every
 * mount table, reads its own bytes for as long as it lives, however full and busy its heap is.
 */
class LeaseSurvivalTest {
  private static final long HEAP_BYTES = 128L << 20;
  private static final int CHURN = 12;
  private static final Pattern PID = Pattern.compile("\"pid\"\\s*:\\s*(\\d+)");

  @TempDir Path directory;
  private PoolsInMemory memory;

  @BeforeEach
  void needsAHost() throws IOException {
    memory = PoolsInMemory.onAHostForContainers();
  }

  @AfterEach
  void removePools() throws IOException {
    if (memory != null) {
      memory.close();
    }
  }

  private static NDocker open(Path directory, Path pools) throws IOException {
    return NDocker.builder(
            directory.resolve("state"),
            LlplTier.open(pools, HEAP_BYTES),
            FileTier.open(directory.resolve("slow"), 1L << 40))
        .placement(new AllFast())
        .open();
  }

  /** Deploys an image into the heap, starts a container, and waits to be killed. */
  static final class FirstProcess {
    public static void main(String[] arguments) throws IOException {
      ImageReference image = ImageReference.parse("debian");
      NDocker engine;
      try {
        engine = open(Path.of(arguments[0]), Path.of(arguments[1]));
      } catch (PersistentMemoryUnavailableException e) {
        System.out.println(e.getMessage());
        return;
      }
      engine.deploy(image, OciLayout.open(Path.of(arguments[2], "oci")), progress -> {});
      RunningContainer running =
          engine.start(
              image,
              engine.containerSpec(image, List.of("sh", "-c", "echo it runs; exec sleep 600")));
      running.container().awaitReady(new Readiness.Prints("it runs"), Duration.ofMinutes(1));
      System.out.println("started");
      System.in.read();
    }
  }

  @Test
  void aContainerReadsItsOwnBytesWhateverBecomesOfItsImage() throws Exception {
    Process first = startAndKill();
    assertTrue(!first.isAlive());
    Path tree = onlyIn(directory.resolve("state/mounts/trees")).resolve("tree");
    Path overlay = onlyIn(directory.resolve("state/mounts/roots")).resolve("root");
    long container = containerId();
    Path root = Path.of("/proc", Long.toString(container), "root");
    try {
      run("umount", tree.toString());
      run("umount", overlay.toString());
      Map<String, String> before = hashes(root);
      assertTrue(before.size() > 1000, "files of the container: " + before.size());
      try (NDocker engine = open(directory, memory.pools())) {
        long leased = engine.usage(Tier.FAST).usedBytes();
        assertTrue(leased > 70_000_000, "bytes of the image in the heap: " + leased);
        engine.remove(ImageReference.parse("debian"));
        engine.gc();
        assertEquals(leased, engine.usage(Tier.FAST).usedBytes());
        churn(engine);
        Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
        assertEquals(before, hashes(root));
        ProcessHandle.of(container).ifPresent(ProcessHandle::destroyForcibly);
        awaitEnd(engine, leased);
      }
    } finally {
      ProcessHandle.of(container).ifPresent(ProcessHandle::destroyForcibly);
    }
  }

  /** Fills the heap to its end again and again, with images that come and go. */
  private void churn(NDocker engine) throws IOException {
    for (int round = 0; round < CHURN; round++) {
      TinyImage image = TinyImage.withLayers(3, 4, 4_000_000 + round);
      Path layout = image.writeLayout(directory.resolve("layout" + round));
      ImageReference name = churned(round);
      engine.deploy(name, OciLayout.open(layout), progress -> {});
      if (round % 3 == 2) {
        for (int removed = round - 2; removed <= round; removed++) {
          engine.remove(churned(removed));
        }
      }
    }
  }

  private static ImageReference churned(int round) throws IOException {
    return ImageReference.parse("churn" + round + ":" + TinyImage.TAG);
  }

  /** The kernel ends the superblock a moment after the last process of the container. */
  private static void awaitEnd(NDocker engine, long leased) throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (engine.usage(Tier.FAST).usedBytes() >= leased) {
      assertTrue(System.nanoTime() < end, "the lease does not end");
      Thread.onSpinWait();
    }
    assertEquals(0, engine.usage(Tier.FAST).usedBytes());
  }

  private Process startAndKill() throws Exception {
    Process first =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                FirstProcess.class.getName(),
                directory.toString(),
                memory.pools().toString(),
                System.getProperty("ndocker.images"))
            .redirectError(directory.resolve("errors").toFile())
            .start();
    try (BufferedReader said =
        new BufferedReader(new InputStreamReader(first.getInputStream(), UTF_8))) {
      String line = said.readLine();
      while (line != null && !line.equals("started")) {
        assumeTrue(!line.contains("PMDK"), line);
        line = said.readLine();
      }
      assertEquals("started", line, () -> errors());
      first.destroyForcibly().waitFor();
    }
    return first;
  }

  private String errors() {
    try {
      return Files.readString(directory.resolve("errors"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private long containerId() throws IOException {
    Path status = onlyIn(directory.resolve("state/runtime")).resolve("status");
    Matcher pid = PID.matcher(Files.readString(status));
    assertTrue(pid.find(), status.toString());
    return Long.parseLong(pid.group(1));
  }

  private static Path onlyIn(Path parent) throws IOException {
    try (Stream<Path> children = Files.list(parent)) {
      List<Path> all = children.filter(Files::isDirectory).toList();
      assertEquals(1, all.size(), parent + ": " + all);
      return all.get(0);
    }
  }

  private static Map<String, String> hashes(Path root) throws IOException {
    Map<String, String> hashes = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root.resolve("usr"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        hashes.put(file.toString(), hash(Files.readAllBytes(file)));
      }
    }
    return hashes;
  }

  private static String hash(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertEquals(0, process.waitFor(), said);
  }
}
