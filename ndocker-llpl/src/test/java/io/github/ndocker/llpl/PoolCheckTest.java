package io.github.ndocker.llpl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.ndocker.llpl.PoolCheck.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolCheckTest {
  @Test
  void readsTheTextBecauseTheExitCodeIsTheSameForAll() {
    assertEquals(Verdict.SOUND, PoolCheck.judge("pool header correct\n/pool-1: consistent\n"));
    assertEquals(
        Verdict.DAMAGED, PoolCheck.judge("incorrect pool header\n/pool-1: not consistent\n"));
    assertEquals(
        Verdict.IN_USE,
        PoolCheck.judge(
            "error: Resource temporarily unavailable\nerror: checking consistency failed"));
    assertEquals(
        Verdict.UNKNOWN,
        PoolCheck.judge("error: Invalid argument\nerror: checking consistency failed"));
    assertEquals(Verdict.UNKNOWN, PoolCheck.judge(""));
  }

  @Test
  void knowsNothingOfAPoolIfTheProgramDoesNotEnd() throws IOException {
    assertEquals(Verdict.UNKNOWN, PoolCheck.of(List.of("sleep", "600"), Duration.ofMillis(50)));
  }

  @Test
  void doesNotTakeAPoolThatIsOpenForADamagedOne() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/pmempool")), "pmempool is not installed");
    try (PoolPlace place = PoolPlace.create()) {
      Process owner = PoolProcess.start(place.tier(), "hold");
      try {
        assertEquals('o', owner.getInputStream().read());
        assertEquals(Verdict.IN_USE, PoolCheck.of(place.pool()));
      } finally {
        owner.destroyForcibly().waitFor();
      }
      assertEquals(Verdict.SOUND, PoolCheck.of(place.pool()));
    }
  }

  @Test
  void hasNothingAgainstAFileThatItDoesNotKnow(@TempDir Path directory) throws IOException {
    Path text = Files.writeString(directory.resolve("text"), "not a pool");
    assertEquals(Verdict.UNKNOWN, PoolCheck.of(text));
  }
}
