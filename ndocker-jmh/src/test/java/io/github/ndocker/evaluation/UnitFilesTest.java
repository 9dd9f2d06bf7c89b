package io.github.ndocker.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.report.HostFacts;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import io.github.ndocker.evaluation.report.Results;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UnitFilesTest {
  @TempDir Path directory;

  @Test
  void keepsWhatWasMeasured() throws IOException {
    UnitResult unit = unit("python", 0, "abc", measurement().measured());
    new UnitFiles(directory).put(unit);
    assertEquals(Optional.of(unit), new UnitFiles(directory).find("python"));
    assertEquals(Optional.empty(), new UnitFiles(directory).find("redis"));
  }

  @Test
  void joinsUnitsInTheOrderOfMeasuringAndNamesEveryVersion() throws IOException {
    UnitFiles files = new UnitFiles(directory);
    files.put(unit("a", 1, "new", measurement().rep(1).measured()));
    files.put(unit("b", 0, "old", measurement().rep(0).measured()));
    Results results = files.results();
    assertEquals(List.of("old", "new"), results.host().commits());
    assertEquals(List.of(0, 1), results.measurements().stream().map(Measurement::rep).toList());
    assertEquals(2, results.host().seconds());
  }

  @Test
  void aUnitOfWhichSomethingDoesNotCountIsMeasuredAgain() {
    assertTrue(unit("a", 0, "x", measurement().measured()).counts());
    assertFalse(
        unit("a", 0, "x", measurement().measured(), measurement().voided("no limit")).counts());
    assertFalse(unit("a", 0, "x", measurement().failed(new IOException("died"))).counts());
  }

  @Test
  void whatWasBeingWrittenWhenARunStoppedIsGone() throws IOException {
    Files.writeString(directory.resolve("python.incoming"), "{");
    UnitFiles files = new UnitFiles(directory);
    assertEquals(List.of(), files.all());
    assertFalse(Files.exists(directory.resolve("python.incoming")));
  }

  @Test
  void theNextUnitComesAfterAllOthersAlsoIfOneWasMeasuredAgain() throws IOException {
    UnitFiles files = new UnitFiles(directory);
    assertEquals(0, files.nextOrder());
    files.put(unit("a", 0, "x", measurement().measured()));
    files.put(unit("b", 4, "x", measurement().measured()));
    assertEquals(5, files.nextOrder());
  }

  @Test
  void aFileThatIsNoResultIsNamed() throws IOException {
    UnitFiles files = new UnitFiles(directory);
    for (String content : List.of("", "{", "[]", "{\"name\": \"python\", \"moon\": 1}")) {
      Files.writeString(directory.resolve("python.json"), content);
      NDockerException failure = assertThrows(NDockerException.class, files::all, content);
      assertTrue(String.valueOf(failure.getMessage()).contains("python.json"), content);
    }
  }

  @Test
  void withoutAnythingMeasuredThereAreNoResults() throws IOException {
    UnitFiles files = new UnitFiles(directory);
    assertThrows(NDockerException.class, files::results);
  }

  private static MeasurementBuilder measurement() {
    return new MeasurementBuilder(Measurement.Kind.COLD_START, "all-slow", "hdd")
        .image("python", "language", 1, 1);
  }

  private static UnitResult unit(
      String name, int order, String commit, Measurement... measurements) {
    return new UnitResult(
        name,
        "hdd",
        order,
        new HostFacts("6.1", 2, 1 << 30, "17", Map.of(), List.of(commit), 5, 1),
        List.of(),
        List.of(measurements));
  }
}
