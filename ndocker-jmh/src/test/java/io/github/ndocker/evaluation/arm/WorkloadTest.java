package io.github.ndocker.evaluation.arm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadTest {
  private Path coldStarts;

  @BeforeEach
  void writeColdStarts(@TempDir Path directory) throws IOException {
    coldStarts = directory.resolve("coldstart.json");
    Files.writeString(
        coldStarts,
        "{\"web\": {\"category\": \"web-server\", \"usize\": 7, \"args\": [\"serve\", \"-p\"], \"ready\": {\"type\": \"tcp\", \"value\": 80}},"
            + "\"odd\": {\"args\": [], \"ready\": {\"type\": \"moon\", \"value\": \"full\"}}}");
  }

  @Test
  void readsArgumentsAndReadiness() throws IOException {
    assertEquals(
        new Workload("web", "web server", 7, List.of("serve", "-p"), new Readiness.Listens(80)),
        Workload.of("web", coldStarts));
  }

  @Test
  void saysWhichImageItKnowsNoStartOf() {
    NDockerException failure =
        assertThrows(NDockerException.class, () -> Workload.of("mail", coldStarts));
    assertTrue(failure.getMessage().contains("'mail'"), failure.getMessage());
  }

  @Test
  void refusesAReadinessRuleThatThereIsNot() {
    assertThrows(NDockerException.class, () -> Workload.of("odd", coldStarts));
  }
}
