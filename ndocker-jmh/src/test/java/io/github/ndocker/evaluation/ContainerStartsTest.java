package io.github.ndocker.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.ContainerdArm;
import io.github.ndocker.evaluation.arm.OverlayStarts;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceProfile;
import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that containerd's arms start are those that users would have. */
class ContainerStartsTest {
  @TempDir Path directory;

  @Test
  void ctrRunsTheEntrypointOfAnImageToo() throws Exception {
    try (EvaluationHost host = EvaluationHost.start("redis");
        Device fast = host.device("fast", DeviceProfile.NONE);
        Device slow = host.device("slow", DeviceProfile.NONE);
        Arms arms =
            Arms.open(
                new ColdStart.Devices(slow, fast),
                Set.of(host.registry()),
                Optional.empty(),
                Set.of())) {
      ContainerdArm containerd = containerd(arms);
      var redis = host.network().image("redis");
      containerd.expect(redis);
      containerd.deploy(redis, ignored -> {});
      try (Arm.Started started = containerd.startByCtr(redis, host.workload("redis"))) {
        started.container().awaitReady(host.workload("redis").readiness(), Duration.ofMinutes(1));
        // the server itself would run as root: its entrypoint changes to the user
        List<String> owners = ownersOf("redis-server");
        assertEquals(1, owners.size(), owners.toString());
        assertFalse(owners.contains("root"), owners.toString());
      }
      assertEquals(List.of(), ownersOf("redis-server"));
    }
  }

  @Test
  void aStartThatFailsSaysWhyAndLeavesNothing() throws Exception {
    OverlayStarts starts = new OverlayStarts(directory);
    Path writable = directory.resolve("writable");
    Path missing = directory.resolve("missing");
    ContainerSpec spec = new ContainerSpec(List.of("true"), List.of(), "/", "", List.of());
    IOException failure =
        assertThrows(IOException.class, () -> starts.start(List.of(missing), writable, spec));
    assertTrue(String.valueOf(failure.getMessage()).contains("mount"), failure.toString());
    assertEquals(List.of(), list(writable));
    assertEquals(List.of(), list(directory.resolve("bundles")));
  }

  private static ContainerdArm containerd(Arms arms) {
    return arms.all().stream()
        .filter(ContainerdArm.class::isInstance)
        .map(ContainerdArm.class::cast)
        .findFirst()
        .orElseThrow();
  }

  /** Who runs a program in a container that {@code ctr} has started for this process. */
  private static List<String> ownersOf(String program) throws IOException {
    List<String> owners = new ArrayList<>();
    String own = "ndocker-ctr-" + ProcessHandle.current().pid() + "-";
    for (String line : HostCommand.run("ip", "netns", "list").lines().toList()) {
      String namespace = line.split(" ", 2)[0];
      if (!namespace.startsWith(own)) {
        continue;
      }
      for (String pid : HostCommand.run("ip", "netns", "pids", namespace).lines().toList()) {
        Path process = Path.of("/proc", pid);
        if (Files.readString(process.resolve("comm")).strip().equals(program)) {
          owners.add(Files.getOwner(process).getName());
        }
      }
    }
    return owners;
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> entries = Files.list(directory)) {
      return entries.toList();
    }
  }
}
