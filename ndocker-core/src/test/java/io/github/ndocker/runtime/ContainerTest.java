package io.github.ndocker.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers under crun; when one is closed, nothing of it is left. */
class ContainerTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir static Path compiled;
  @TempDir Path directory;
  private static Path probe;
  private Path root;
  private int started;

  @BeforeAll
  static void compile() throws IOException {
    Probe.assumeContainers();
    probe = Probe.compile(compiled);
  }

  @BeforeEach
  void makeRoot() throws IOException {
    root = Files.createDirectories(directory.resolve("root"));
    // mount points too: two containers in one root would race to make them
    for (String name : List.of("etc", "proc", "dev", "sys")) {
      Files.createDirectory(root.resolve(name));
    }
    Files.writeString(root.resolve("etc/passwd"), "web:x:33:34::/:/\n");
    Files.copy(probe, root.resolve("probe"));
  }

  @AfterEach
  void nothingIsLeft() throws IOException {
    assertEquals(List.of(), list(directory.resolve("state")));
    try (Stream<ProcessHandle> processes = ProcessHandle.allProcesses()) {
      assertEquals(
          List.of(),
          processes.filter(process -> runsIn(process.pid())).map(ProcessHandle::pid).toList());
    }
    assertFalse(
        Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
            .anyMatch(line -> line.contains(directory.toString())));
  }

  private boolean runsIn(long pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), "exe")).endsWith("probe");
    } catch (IOException e) {
      return false; // ended meanwhile, or a thread of the kernel
    }
  }

  private static List<String> list(Path parent) throws IOException {
    try (Stream<Path> files = Files.list(parent)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private Container start(String... arguments) throws IOException {
    return startAs("", arguments);
  }

  private Container startAs(String user, String... arguments) throws IOException {
    List<String> line = Stream.concat(Stream.of("/probe"), Stream.of(arguments)).toList();
    ContainerSpec spec = new ContainerSpec(line, List.of("A=b"), "/", user, List.of());
    String id = "ndocker-test-" + ProcessHandle.current().pid() + "-" + ++started;
    return new OciRuntime(directory.resolve("state"))
        .start(id, spec, root, Files.createDirectory(directory.resolve("bundle" + started)));
  }

  @Test
  void isReadyWhenItHasEndedAndPrinted() throws IOException {
    try (Container container = start("print", "ready")) {
      Duration ready = container.awaitReady(new Readiness.Exits("ready"), LONG);
      assertTrue(ready.toNanos() > 0);
      assertEquals("ready\n", container.output());
      assertEquals(0, container.awaitExit());
    }
  }

  @Test
  void saysHowAFailedOneEndedAndWhatItPrintedLast() throws IOException {
    try (Container container = start("print", "x".repeat(5_000), "print", "no luck", "exit", "3")) {
      ContainerException failure =
          assertThrows(
              ContainerException.class, () -> container.awaitReady(new Readiness.Exits(""), LONG));
      assertTrue(failure.getMessage().contains("exit code 3"), failure.getMessage());
      assertTrue(failure.getMessage().endsWith("no luck"), failure.getMessage());
      assertTrue(failure.getMessage().length() < 2_500);
      assertEquals(3, container.awaitExit());
    }
    try (Container container = start("print", "other text")) {
      assertThrows(
          ContainerException.class, () -> container.awaitReady(new Readiness.Exits("ready"), LONG));
    }
  }

  @Test
  void isReadyWhenItPrintsALineAndGoesOn() throws IOException {
    try (Container container = start("print", "one", "print", "two", "sleep")) {
      container.awaitReady(new Readiness.Prints("two"), LONG);
    }
    try (Container container = start("print", "one")) {
      ContainerException failure =
          assertThrows(
              ContainerException.class,
              () -> container.awaitReady(new Readiness.Prints("two"), LONG));
      assertTrue(failure.getMessage().contains("exit code 0"), failure.getMessage());
    }
  }

  @Test
  void isReadyWhenAPortOfItsOwnNetworkIsOpen() throws IOException {
    int port = 42_123;
    try (Container one = start("listen", "" + port, "sleep");
        Container two = start("listen", "" + port, "sleep")) {
      one.awaitReady(new Readiness.Listens(port), LONG);
      two.awaitReady(new Readiness.Listens(port), LONG);
      try (Socket socket = new Socket()) {
        assertThrows(
            IOException.class,
            () -> socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
      }
    }
    try (Container container = start("exit", "4")) {
      ContainerException failure =
          assertThrows(
              ContainerException.class,
              () -> container.awaitReady(new Readiness.Listens(port), LONG));
      assertTrue(failure.getMessage().contains("exit code 4"), failure.getMessage());
    }
  }

  @Test
  void saysWhenTimeIsUp() throws IOException {
    for (Readiness never :
        List.of(
            new Readiness.Exits(""), new Readiness.Prints("two"), new Readiness.Listens(42_124))) {
      try (Container container = start("print", "one", "sleep")) {
        container.awaitReady(new Readiness.Prints("one"), LONG);
        ContainerException failure =
            assertThrows(
                ContainerException.class, () -> container.awaitReady(never, Duration.ofMillis(1)));
        assertTrue(failure.getMessage().contains("not ready in time"), failure.getMessage());
      }
    }
  }

  @Test
  void isKilledWhenItIsClosedAtWhateverMoment() throws IOException {
    start("sleep").close();
    Container running = start("print", "up", "sleep");
    running.awaitReady(new Readiness.Prints("up"), LONG);
    running.close();
    running.close();
    Container ended = start("exit", "0");
    ended.awaitExit();
    ended.close();
  }

  @Test
  void isKilledAlsoByAThreadThatIsInterrupted() throws IOException {
    Container running = start("print", "up", "sleep");
    running.awaitReady(new Readiness.Prints("up"), LONG);
    Thread.currentThread().interrupt();
    try {
      running.close();
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is kept for whoever sent it");
    }
  }

  @Test
  void stopsAskingForAPortWhenTheThreadIsInterrupted() throws IOException {
    try (Container container = start("sleep")) {
      Thread.currentThread().interrupt();
      IOException failure =
          assertThrows(
              IOException.class, () -> container.awaitReady(new Readiness.Listens(42_125), LONG));
      assertTrue(failure.getMessage().contains("interrupted"), failure.getMessage());
      assertTrue(Thread.interrupted());
      assertFalse(
          Thread.getAllStackTraces().keySet().stream()
              .anyMatch(thread -> thread.getName().equals("ndocker-netns")),
          "a thread goes on asking");
    }
  }

  @Test
  void runsAsTheUserOfTheImage() throws IOException {
    for (List<String> pair : List.of(List.of("web", "33:34"), List.of("5:6", "5:6"))) {
      try (Container container = startAs(pair.get(0), "ids")) {
        container.awaitReady(new Readiness.Exits(""), LONG);
        assertEquals(pair.get(1) + "\n", container.output());
      }
    }
    NDockerException failure =
        assertThrows(NDockerException.class, () -> startAs("nobody-here", "ids"));
    assertTrue(failure.getMessage().contains("nobody-here"), failure.getMessage());
  }

  @Test
  void failsWithTheRuntimesWordsWhenThereIsNoSuchProgram() throws IOException {
    Files.delete(root.resolve("probe"));
    try (Container container = start("ids")) {
      ContainerException failure =
          assertThrows(
              ContainerException.class, () -> container.awaitReady(new Readiness.Exits(""), LONG));
      assertTrue(failure.getMessage().contains("/probe"), failure.getMessage());
    }
  }

  @Test
  void readsReadinessRulesAndSaysWhatIsNone() throws IOException {
    assertEquals(new Readiness.Exits(""), Readiness.parse("exit"));
    assertEquals(new Readiness.Exits("a:b"), Readiness.parse("exit:a:b"));
    assertEquals(new Readiness.Prints("up"), Readiness.parse("line:up"));
    assertEquals(new Readiness.Listens(80), Readiness.parse("tcp:80"));
    for (String none : List.of("", "line", "line:", "tcp", "tcp:0", "tcp:65536", "tcp:x", "x:y")) {
      assertThrows(NDockerException.class, () -> Readiness.parse(none), none);
    }
    start("exit", "0").close();
  }
}
