package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.runtime.ContainerException;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.runtime.Probe;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What could not be started leaves nothing behind. */
class StartTest {
  @TempDir Path directory;

  private void leavesNothing(Class<? extends IOException> expected, String user, boolean traced)
      throws IOException {
    LoopMount.assumePossible();
    Probe.assumeContainers();
    Host host = Host.in(directory);
    try (HostileRegistry registry = HostileRegistry.serving(TinyImage.threeLayers(), Fault.NONE);
        NDocker engine = host.open()) {
      engine.deploy(registry.reference(), progress -> {});
      // makes the directories for mounts and writable layers
      engine.mount(registry.reference()).close();
      Map<String, Long> before = host.files();
      ContainerSpec spec =
          new ContainerSpec(List.of("/no-such-program"), List.of(), "/", user, List.of());
      assertThrows(
          expected,
          () -> {
            if (traced) {
              engine.trace(
                  registry.reference(), "w", spec, new Readiness.Exits(""), Duration.ofSeconds(30));
            } else {
              engine.start(registry.reference(), spec).close();
            }
          });
      assertEquals(before, host.files());
      assertThrows(NotTracedException.class, () -> engine.promote(registry.reference(), "w"));
      assertEquals(
          List.of(),
          Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
              .filter(line -> line.contains(directory.toString()))
              .toList());
    }
  }

  @Test
  void leavesNothingOfAContainerWhoseUserIsUnknown() throws IOException {
    leavesNothing(NDockerException.class, "nobody-here", false);
  }

  @Test
  void leavesNothingOfATraceWhoseUserIsUnknown() throws IOException {
    leavesNothing(NDockerException.class, "nobody-here", true);
  }

  @Test
  void leavesNothingOfATraceWhoseContainerFails() throws IOException {
    leavesNothing(ContainerException.class, "", true);
  }
}
