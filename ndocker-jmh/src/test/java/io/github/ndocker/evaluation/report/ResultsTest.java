package io.github.ndocker.evaluation.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.github.ndocker.evaluation.report.Measurement.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
  private static final Results RESULTS =
      new Results(
          new HostFacts(
              "6.12.1", 2, 8L << 30, "17", Map.of("crun", "1.14"), List.of("a", "b"), 5, 1.5),
          List.of(new DeviceSpeed("n-docker", "slow", "hdd", 1.5, 2, 3, 4)),
          List.of(
              Recorded.coldStart("python", "n-docker", 0.25).steadyBytes(7).rep(3),
              Recorded.deployment("python", "stargz", 1)
                  .not(Status.FAILED, "no such image")
                  .build()));

  @TempDir Path directory;

  private Path file;

  @BeforeEach
  void writeResults() throws IOException {
    file = directory.resolve("results.json");
    RESULTS.write(file);
  }

  @Test
  void areReadAsTheyWereWritten() throws IOException {
    assertEquals(RESULTS, Results.read(file));
  }

  @Test
  void leaveOutWhatIsNotKnown() throws IOException {
    assertFalse(Files.readString(file).contains("null"));
  }

  @Test
  void ofAnUnknownKindAreRefused() throws IOException {
    replace("\"COLD_START\"", "\"LUKEWARM_START\"");
    assertThrows(IOException.class, () -> Results.read(file));
  }

  @Test
  void ofAnUnknownStatusAreRefused() throws IOException {
    replace("\"MEASURED\"", "\"GUESSED\"");
    assertThrows(IOException.class, () -> Results.read(file));
  }

  @Test
  void thatFailedForNoReasonAreRefused() throws IOException {
    replace("\"no such image\"", "null");
    assertThrows(IOException.class, () -> Results.read(file));
  }

  @Test
  void thatEndTooEarlyAreRefused() throws IOException {
    String text = Files.readString(file);
    Files.writeString(file, text.substring(0, text.length() / 2));
    assertThrows(IOException.class, () -> Results.read(file));
  }

  @Test
  void ofAnEmptyFileAreRefused() throws IOException {
    Files.writeString(file, "");
    assertThrows(IOException.class, () -> Results.read(file));
  }

  private void replace(String old, String by) throws IOException {
    String text = Files.readString(file);
    assertEquals(-1, text.indexOf(by));
    Files.writeString(file, text.replace(old, by));
  }
}
