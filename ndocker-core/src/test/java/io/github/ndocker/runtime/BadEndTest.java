package io.github.ndocker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a container ends, the host's processes and mounts are as before. */
class BadEndTest {
  @TempDir static Path compiled;
  @TempDir Path directory;
  private static Path program;

  @BeforeAll
  static void compile() throws IOException {
    program = Confined.compile(compiled);
  }

  private static long init(Confined host) throws IOException {
    Path file = host.bundle().resolve("init.pid");
    long since = System.nanoTime();
    // runc writes it when the program has already begun
    while (!Files.exists(file) || Files.size(file) == 0) {
      assertTrue(System.nanoTime() - since < Confined.LONG.toNanos(), "no " + file);
      Thread.onSpinWait();
    }
    return Long.parseLong(Files.readString(file).strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void leavesNothingWhenTheRuntimeIsKilled(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    try (Container container = host.start(Confined.spec("fork", "fork", "catch", "15", "sleep"))) {
      container.awaitReady(new Readiness.Prints("ready"), Confined.LONG);
      ProcessHandle.of(init(host)).orElseThrow().parent().orElseThrow().destroyForcibly();
      assertEquals(137, container.awaitExit());
    }
    assertEquals(List.of(), host.left());
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void leavesNoDaemonsWhenTheFirstProcessIsKilled(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    try (Container container = host.start(Confined.spec("fork", "fork", "catch", "15", "sleep"))) {
      container.awaitReady(new Readiness.Prints("ready"), Confined.LONG);
      ProcessHandle.of(init(host)).orElseThrow().destroyForcibly();
      assertEquals(137, container.awaitExit());
    }
    assertEquals(List.of(), host.left());
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void stopsWithTheSignalOfTheImageOrKills(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    ContainerSpec polite =
        Confined.spec("catch", "3", "sleep").withStopSignal(StopSignal.parse("SIGQUIT"));
    try (Container container = host.start(polite)) {
      container.awaitReady(new Readiness.Prints("ready"), Confined.LONG);
      assertEquals(0, container.stop(Confined.LONG));
      assertTrue(container.output().contains("signal 3"), container.output());
      assertEquals(0, container.stop(Confined.LONG));
    }
    try (Container container = host.start(Confined.spec("sleep"))) {
      assertEquals(137, container.stop(Duration.ofMillis(300)));
    }
    assertEquals(List.of(), host.left());
  }

  @ParameterizedTest
  @ValueSource(strings = {"crun", "runc"})
  void writesOnlyWhereItMayAndRemovesItsVolumes(String runtime) throws IOException {
    Confined host = new Confined(directory, runtime, program);
    Files.writeString(host.root().resolve("data/initial"), "from the image\n");
    ContainerSpec spec =
        Confined.spec("make", "/x", "make", "/tmp/x", "make", "/data/x", "cat", "/data/initial")
            .withReadOnlyRoot(true)
            .withTmpfs(List.of(new TmpfsMount("/tmp", 1 << 20)))
            .withVolumes(List.of("/data"));
    String output = host.output(spec);
    assertEquals("/x EROFS\n/tmp/x made\n/data/x made\nfrom the image\n", output);
    assertTrue(Files.exists(host.bundle().resolve("volumes/0/x")));
    assertFalse(Files.exists(host.root().resolve("data/x")));
    OciRuntime.clear(host.bundle());
    try (var files = Files.list(host.bundle())) {
      assertEquals(0, files.count());
    }
  }
}
