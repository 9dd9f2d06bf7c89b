package io.github.ndocker.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.ndocker.image.Platform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompiledFiltersTest {
  private static final String HOST = Platform.host().architecture();

  @TempDir static Path compiled;
  @TempDir Path directory;
  private static Path program;

  @BeforeAll
  static void compile() throws IOException {
    program = Confined.compile(compiled);
  }

  private static ContainerSpec spec(Set<String> capabilities, SeccompProfile profile) {
    return Confined.spec("catch", "15", "sleep")
        .with(
            ContainerSecurity.DEFAULT
                .withNoNewPrivileges(false)
                .withCapabilities(capabilities)
                .withSeccomp(profile));
  }

  private byte[] loadedByCrun(Confined host, ContainerSpec spec) throws IOException {
    try (Container container = host.start(spec)) {
      container.awaitReady(new Readiness.Prints("ready"), Confined.LONG);
      try (Stream<Path> files = Files.walk(directory.resolve("state"))) {
        Path filter = files.filter(file -> file.endsWith("seccomp.bpf")).findFirst().orElseThrow();
        return Files.readAllBytes(filter);
      }
    }
  }

  @Test
  void areByteForByteWhatCrunCompiles() throws IOException {
    Confined host = new Confined(directory, "crun", program);
    Set<String> more = new HashSet<>(ContainerSecurity.DEFAULT.capabilities());
    more.addAll(Set.of("CAP_SYS_ADMIN", "CAP_BPF", "CAP_SYS_PTRACE"));
    for (Set<String> capabilities : List.of(ContainerSecurity.DEFAULT.capabilities(), more)) {
      // a profile of the host's own is left to crun
      String json = SeccompRules.standard(HOST, capabilities).toString();
      byte[] crun = loadedByCrun(host, spec(capabilities, new SeccompProfile.Document(json)));
      assertTrue(crun.length > 1000 && crun.length % 8 == 0, crun.length + " bytes");
      byte[] ours = CompiledFilters.compile(new ObjectMapper().readTree(json));
      assertArrayEquals(crun, ours);
      assertArrayEquals(
          crun, loadedByCrun(host, spec(capabilities, new SeccompProfile.Standard())));
    }
  }

  @Test
  void refuseAtTheFirstStartAndAtALaterOne() throws IOException {
    Confined host = new Confined(directory, "crun", program);
    OciRuntime runtime = new OciRuntime(directory.resolve("state"), "crun");
    for (int i = 0; i < 3; i++) {
      Path bundle = Files.createDirectory(directory.resolve("start" + i));
      String id = "ndocker-test-" + ProcessHandle.current().pid() + "-filter" + i;
      ContainerSpec spec = Confined.spec("cat", "/proc/self/status", "calls");
      try (Container container = runtime.start(id, spec, host.root(), bundle)) {
        container.awaitReady(new Readiness.Exits(""), Confined.LONG);
        String output = container.output();
        for (String line : List.of("Seccomp:\t2", "swapon EPERM", "unknown ENOSYS")) {
          assertTrue(output.lines().anyMatch(line::equals), line + " is not in:\n" + output);
        }
      }
      String config = Files.readString(bundle.resolve("config.json"));
      assertTrue(config.contains(CompiledFilters.ANNOTATION), config);
      // for a crun that no longer knows the annotation
      assertTrue(config.contains("defaultErrnoRet"), config);
    }
  }

  @Test
  void areOnlyForTheStandardProfileAndNeverInPlaceOfTheHosts() throws IOException {
    CompiledFilters filters = new CompiledFilters();
    ContainerSpec standard = spec(Set.of(), new SeccompProfile.Standard());
    String filter =
        filters.addTo(standard, HOST).annotations().getOrDefault(CompiledFilters.ANNOTATION, "");
    assertEquals(0, Base64.getDecoder().decode(filter).length % 8);
    assertEquals(
        filter, filters.addTo(standard, HOST).annotations().get(CompiledFilters.ANNOTATION));
    assertNotEquals(
        filter,
        filters
            .addTo(spec(Set.of("CAP_SYS_ADMIN"), new SeccompProfile.Standard()), HOST)
            .annotations()
            .get(CompiledFilters.ANNOTATION),
        "rights that another container has been granted");
    for (SeccompProfile other :
        List.of(
            new SeccompProfile.Unconfined(),
            new SeccompProfile.Document(
                "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[]}"))) {
      ContainerSpec spec = spec(Set.of(), other);
      assertSame(spec, filters.addTo(spec, HOST));
    }
    ContainerSpec own = standard.withAnnotations(Map.of(CompiledFilters.ANNOTATION, "AAAA"));
    assertSame(own, filters.addTo(own, HOST));
  }
}
