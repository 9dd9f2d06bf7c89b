package io.github.ndocker.evaluation;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.Results;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class EvaluationTest {
  private static final Set<String> ARMS =
      Set.of(
          "all-fast",
          "containerd-slow",
          "containerd-fast",
          "all-slow",
          "n-docker-static",
          "n-docker");

  private static final Set<String> DEPLOYED_ONLY =
      Set.of("download", "all-fast-streaming", "n-docker-pipelined");

  @TempDir Path out;

  @Test
  void measuresEveryArmOnceAndContinuesWhereItWas() throws Exception {
    try (EvaluationHost host = EvaluationHost.start("debian", "redis")) {
      assertEquals(0, evaluate(host, "debian"));
      Results first = Results.read(out.resolve("results.json"));
      assertEquals(
          Stream.concat(ARMS.stream(), DEPLOYED_ONLY.stream()).collect(Collectors.toSet()),
          arms(first, Measurement.Kind.DEPLOYMENT));
      assertEquals(ARMS, arms(first, Measurement.Kind.COLD_START));
      assertEquals(ARMS, arms(first, Measurement.Kind.CONCURRENT_START));
      assertTrue(Files.readString(out.resolve("report.md")).contains("debian"));
      // each starts in less than a second, so twice and not once
      assertEquals(
          2L * ARMS.size(),
          first.measurements().stream()
              .filter(measurement -> measurement.kind() == Measurement.Kind.COLD_START)
              .filter(measurement -> "crun".equals(measurement.starter()))
              .filter(measurement -> "fast".equals(measurement.writableLayer()))
              .count());
      assertTrue(first.deviceSpeeds().size() >= ARMS.size(), first.deviceSpeeds().toString());

      byte[] measured = Files.readAllBytes(out.resolve("units/debian.json"));
      // one arm: what is measured of each has been seen
      assertEquals(0, evaluate(host, "--arms", "n-docker", "debian", "redis"));
      assertEquals(new String(measured, UTF_8), Files.readString(out.resolve("units/debian.json")));
      Results both = Results.read(out.resolve("results.json"));
      assertEquals(
          Set.of("debian", "redis"),
          both.measurements().stream().map(Measurement::image).collect(Collectors.toSet()));
    }
  }

  @Test
  void leavesNothingBehindWhenItIsStoppedInTheMiddleOfStarts() throws Exception {
    try (EvaluationHost host = EvaluationHost.start("debian", "redis")) {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-cp",
                  System.getProperty("java.class.path"),
                  Evaluation.class.getName()));
      // of each kind one: what there is to be left is the same
      command.addAll(List.of("--arms", "all-fast,containerd-slow,n-docker"));
      command.addAll(arguments(host, "debian", "redis"));
      Process run = new ProcessBuilder(command).redirectErrorStream(true).start();
      StringBuilder said = new StringBuilder();
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(run.getInputStream(), UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          said.append(line).append('\n');
          if (line.contains("redis: COLD_START") && line.contains("containerd-slow")) {
            // not Process.destroy, which closes what is read here
            run.toHandle().destroy();
          }
        }
      }
      assertEquals(143, run.waitFor(), said.toString());
      assertFalse(Files.exists(out.resolve("units/redis.json")), said.toString());
      // what was done before has a report
      assertTrue(Files.readString(out.resolve("report.md")).contains("debian"), said.toString());
      String memory = host.memory().toString();
      assertFalse(Files.readString(Path.of("/proc/mounts")).contains(memory), "a mount is left");
      assertFalse(HostCommand.run("losetup", "--list").contains(memory), "a device is left");
      // containers too: their mounts name the directory of their writable layer
      assertEquals(
          "",
          HostCommand.run("sh", "-c", "grep -ls '" + memory + "' /proc/[0-9]*/mountinfo || true"));
    }
  }

  private int evaluate(EvaluationHost host, String... more) {
    return new CommandLine(new Evaluation()).execute(arguments(host, more).toArray(String[]::new));
  }

  private List<String> arguments(EvaluationHost host, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--network",
                "loopback=" + host.registry() + "@lo",
                "--cold-starts",
                EvaluationHost.coldStarts().toString(),
                "--memory",
                host.memory().toString(),
                "--device",
                "none",
                "--out",
                out.toString(),
                "--commit",
                "test",
                "--starts",
                "1",
                "--short-starts",
                "2",
                "--together",
                "2",
                "--together-images",
                "debian"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  private static Set<String> arms(Results results, Measurement.Kind kind) {
    return results.measurements().stream()
        .filter(measurement -> measurement.kind() == kind)
        .map(Measurement::arm)
        .collect(Collectors.toSet());
  }
}
