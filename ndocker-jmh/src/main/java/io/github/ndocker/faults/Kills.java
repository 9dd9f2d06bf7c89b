package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** Ways to kill a victim. */
final class Kills {
  private static final int MOST_STEPS = 15;
  private static final int MOST_NANOS = 3_000_000;

  private Kills() {}

  /** Before a system call; if there are fewer of them this time, not at all. */
  static void killAt(Site site, Workload workload, long seed, Journal journal, KillPoint point)
      throws IOException {
    try (Shutdown.Closed<VictimProcess> victim = VictimProcess.start(site, workload, seed)) {
      victim.get().awaitReady();
      try (Strace strace = Strace.inject(victim.get().pid(), point.injection(), List.of())) {
        victim.get().letGoOn();
        victim.get().followToEnd(journal);
        victim.get().requireNoBug();
      }
    }
  }

  /** At any moment: most of what a heap does are stores to memory, and no system calls. */
  static void killAnywhere(Site site, Workload workload, long seed, Journal journal, Random random)
      throws IOException {
    try (Shutdown.Closed<VictimProcess> victim = VictimProcess.start(site, workload, seed)) {
      victim.get().awaitReady();
      victim.get().letGoOn();
      if (victim.get().follow(journal, random.nextInt(MOST_STEPS))) {
        LockSupport.parkNanos(random.nextInt(MOST_NANOS));
        victim.get().kill();
      }
      victim.get().followToEnd(journal);
      victim.get().requireNoBug();
    }
  }
}
