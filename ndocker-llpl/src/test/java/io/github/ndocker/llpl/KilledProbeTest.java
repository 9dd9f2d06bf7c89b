package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that is to try a pool, and is killed by somebody: that says nothing about the pool. */
class KilledProbeTest {
  private static final String SOUND = "blobs 1 used 2002944 capacity 16777216 aside 0";

  /** In place of a JVM: it notes that it was started, and is killed while it maps the pool. */
  private static final String KILLED_AT_FIRST =
      """
      #!/bin/sh
      echo started >> "%1$s"
      if [ "$(wc -l < "%1$s")" -le %2$d ]; then
        echo mapping
        kill -s %3$s $$
      fi
      exec "%4$s" "$@"
      """;

  @TempDir private Path javaHome;
  private PoolPlace place;

  @BeforeEach
  void leaveAPoolThatWasNotClosed() throws Exception {
    place = PoolPlace.create();
    assertEquals("stored 2002944", PoolProcess.outputOf(PoolProcess.start(place.tier(), "store")));
    Files.delete(place.tier().resolve("pool-1.closed"));
  }

  @AfterEach
  void removePlace() throws IOException {
    place.close();
  }

  private Path starts() {
    return javaHome.resolve("starts");
  }

  private String listWithProbesKilled(int times, String signal) throws Exception {
    Path launcher = Files.createDirectories(javaHome.resolve("bin")).resolve("java");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Files.writeString(launcher, KILLED_AT_FIRST.formatted(starts(), times, signal, java));
    Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
    return PoolProcess.outputOf(PoolProcess.startWith(javaHome, place.tier(), "list"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"KILL", "TERM", "INT"})
  void isTriedAgain(String signal) throws Exception {
    assertEquals(SOUND, listWithProbesKilled(2, signal));
    assertEquals(3, Files.readAllLines(starts()).size());
  }

  @Test
  void isTriedThreeTimesAndThenThePoolStaysForTheNextProcess() throws Exception {
    String said = listWithProbesKilled(Integer.MAX_VALUE, "KILL");
    assertTrue(said.startsWith("IOException") && said.contains("killed by somebody"), said);
    assertEquals(3, Files.readAllLines(starts()).size());
    assertEquals(List.of("lock", "pool-1"), place.files());
    assertEquals(SOUND, PoolProcess.outputOf(PoolProcess.start(place.tier(), "list")));
  }

  @Test
  void isNoExcuseForAPoolThatKillsTheProcessItself() throws Exception {
    String said = listWithProbesKilled(Integer.MAX_VALUE, "SEGV");
    assertEquals("blobs 0 used 0 capacity 16777216 aside 1", said);
    assertEquals(1, Files.readAllLines(starts()).size());
  }
}
