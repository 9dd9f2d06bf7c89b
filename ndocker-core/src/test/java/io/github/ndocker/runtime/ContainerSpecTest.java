package io.github.ndocker.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is made of an image's configuration, also of a hostile one. */
class ContainerSpecTest {
  @TempDir Path directory;

  private static ContainerSpec of(String run) throws IOException {
    String json =
        "{\"os\":\"linux\",\"architecture\":\"amd64\",\"rootfs\":{\"type\":\"layers\",\"diff_ids\":[]},"
            + "\"config\":{"
            + run
            + "}}";
    ImageConfig config = ImageConfig.parse(json.getBytes(UTF_8), "test");
    return ContainerSpec.ofImage(config, config.cmd());
  }

  @Test
  void followsTheImageAndItsAnnotationsTheConversion() throws IOException {
    ContainerSpec spec =
        of(
            "\"Entrypoint\":[\"/e\"],\"Cmd\":[\"c\"],\"StopSignal\":\"SIGQUIT\","
                + "\"ExposedPorts\":{\"80/tcp\":{}},\"Volumes\":{\"/data/\":{},\"/tmp\":{}},"
                + "\"Labels\":{\"a\":\"b\",\"run.oci.seccomp_bpf_data\":\"\",\"org.opencontainers.image.os\":\"mine\"}");
    assertEquals(List.of("/e", "c"), spec.arguments());
    assertEquals(List.of("/e", "x"), spec.withCommand(List.of("x")).arguments());
    assertEquals(List.of("/f"), spec.withEntrypoint(List.of("/f")).arguments());
    assertEquals(List.of("/g"), spec.withArguments(List.of("/g")).arguments());
    assertEquals(new StopSignal(3), spec.process().stopSignal());
    assertEquals(List.of("/data", "/tmp"), spec.files().volumes());
    assertEquals(
        List.of("/data"), spec.withTmpfs(List.of(new TmpfsMount("/tmp", 0))).files().volumes());
    assertEquals("80/tcp", spec.annotations().get("org.opencontainers.image.exposedPorts"));
    assertEquals("SIGQUIT", spec.annotations().get("org.opencontainers.image.stopSignal"));
    assertEquals("mine", spec.annotations().get("org.opencontainers.image.os"));
    // runtimes obey some of the others
    assertTrue(
        spec.annotations().keySet().stream()
            .allMatch(name -> name.startsWith("org.opencontainers.image.")),
        spec.annotations().toString());
    assertTrue(spec.withVariable("PATH", "/x").environment().equals(List.of("PATH=/x")));
  }

  @Test
  void refusesConfigurationsThatCannotBeRun() {
    for (String run :
        List.of(
            "",
            "\"Cmd\":[\"a\"],\"Env\":[\"NAME\"]",
            "\"Cmd\":[\"a\"],\"Env\":[\"=value\"]",
            "\"Cmd\":[\"a\"],\"Env\":[\"A=\\u0000\"]",
            "\"Cmd\":[\"a\\u0000b\"]",
            "\"Cmd\":[\"" + "x".repeat(1 << 17) + "\"]",
            "\"Cmd\":[\"a\"" + ",\"y\"".repeat(300_000) + "]",
            "\"Cmd\":[\"a\"],\"WorkingDir\":\"relative\"",
            "\"Cmd\":[\"a\"],\"WorkingDir\":\"/a/../b\"",
            "\"Cmd\":[\"a\"],\"Volumes\":{\"/a/../../etc\":{}}",
            "\"Cmd\":[\"a\"],\"Volumes\":{\"/\":{}}",
            "\"Cmd\":[\"a\"],\"Volumes\":{\"/proc/sys\":{}}",
            "\"Cmd\":[\"a\"],\"Volumes\":{\"relative\":{}}",
            "\"Cmd\":[\"a\"],\"StopSignal\":\"SIGNONE\"",
            "\"Cmd\":[\"a\"],\"StopSignal\":\"65\"")) {
      assertThrows(
          NDockerException.class, () -> of(run), run.substring(0, Math.min(80, run.length())));
    }
  }

  @Test
  void knowsSignalsByNameAndNumber() {
    assertEquals(new StopSignal(3), StopSignal.parse("quit"));
    assertEquals(new StopSignal(37), StopSignal.parse("SIGRTMIN+3"));
    assertEquals(new StopSignal(62), StopSignal.parse("RTMAX-2"));
    assertEquals("SIGTERM", StopSignal.parse("15").toString());
    for (String none : List.of("", "0", "SIG", "RTMIN-1", "RTMIN+31", "-9")) {
      assertThrows(IllegalArgumentException.class, () -> StopSignal.parse(none), none);
    }
  }

  @Test
  void writesNothingIfTheBundleCannotBeWhole() throws IOException {
    Path root = Files.createDirectories(directory.resolve("root"));
    Files.createDirectory(root.resolve("data"));
    Files.createFile(root.resolve("file"));
    Path bundle = Files.createDirectory(directory.resolve("bundle"));
    ContainerSpec spec = Confined.spec();
    for (ContainerSpec bad :
        List.of(
            spec.withUser("nobody-here", List.of()),
            spec.withUser("", List.of("no-group")),
            spec.withVolumes(List.of("/data", "/file")))) {
      assertThrows(
          NDockerException.class,
          () -> new OciBundle(bad, root, "name", Optional.empty()).write(bundle));
      try (var files = Files.list(bundle)) {
        assertEquals(0, files.count());
      }
    }
    new OciBundle(spec, root, "name", Optional.empty()).write(bundle);
    assertTrue(Files.exists(bundle.resolve("config.json")));
    OciBundle.remove(bundle);
    assertFalse(Files.exists(bundle.resolve("config.json")));
  }
}
