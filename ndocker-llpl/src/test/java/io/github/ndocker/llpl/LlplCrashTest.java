package io.github.ndocker.llpl;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Kills a process that changes a tier, at any moment, and looks at what is left. */
class LlplCrashTest {
  private static final int KILLS = 8;

  private PoolPlace place;

  /**
   * What a blob should be.
   *
   * @param length in bytes
   * @param content digest of its bytes
   */
  private record Expected(long length, String content) {}

  @BeforeEach
  void createPlace() throws IOException {
    place = PoolPlace.create();
  }

  @AfterEach
  void removePlace() throws IOException {
    place.close();
  }

  @Test
  void keepsWhatWasAcknowledgedAndNothingElse() throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    Map<String, Expected> acknowledged = new HashMap<>();
    int changes = 0;
    for (int kill = 0; kill < KILLS; kill++) {
      String when = "kill " + kill + " of seed " + seed;
      Map<String, Expected> begun = new HashMap<>(acknowledged);
      Process process = start(Long.toString(random.nextLong()));
      try (BufferedReader said =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        int lines = 0;
        int last = 2 + random.nextInt(200);
        // what it says after it was killed it had said before
        for (String line = said.readLine(); line != null; line = said.readLine()) {
          if (++lines == last) {
            // through the handle: the process itself would close what it has said
            process.toHandle().destroyForcibly();
          }
          if (line.equals("done")) {
            acknowledged = new HashMap<>(begun);
            changes++;
          } else {
            begin(begun, line.split(" ", -1));
          }
        }
        assertTrue(lines >= last, "it ended by itself, " + when);
      }
      process.waitFor();
      Map<String, Expected> found = new HashMap<>();
      long used = list(found);
      assertTrue(
          found.equals(acknowledged) || found.equals(begun),
          when + ": found " + found + ", acknowledged " + acknowledged);
      assertEquals(
          found.values().stream()
              .mapToLong(blob -> PageRange.pagesFor(blob.length()) * PageRange.PAGE)
              .sum(),
          used,
          when);
      acknowledged = found;
    }
    assertTrue(changes > KILLS, changes + " changes, seed " + seed);
  }

  private Process start(String argument) throws IOException {
    return PoolProcess.start(CrashingProcess.class, List.of(place.tier().toString(), argument));
  }

  private static void begin(Map<String, Expected> blobs, String[] change) {
    switch (change[0]) {
      case "write" -> blobs.put(change[1], new Expected(Long.parseLong(change[2]), change[1]));
      case "delete" -> blobs.remove(change[1]);
      case "rename" -> blobs.put(change[2], blobs.remove(change[1]));
      default -> throw new AssertionError(String.join(" ", change));
    }
  }

  private long list(Map<String, Expected> found) throws Exception {
    long used = -1;
    for (String line : PoolProcess.outputOf(start("list")).lines().toList()) {
      String[] fields = line.split(" ", -1);
      if (fields[0].equals("used")) {
        used = Long.parseLong(fields[1]);
      } else {
        found.put(fields[0], new Expected(Long.parseLong(fields[1]), fields[2]));
      }
    }
    return used;
  }
}
