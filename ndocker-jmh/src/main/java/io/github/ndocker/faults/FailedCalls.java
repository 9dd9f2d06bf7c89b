package io.github.ndocker.faults;

import io.github.ndocker.api.TierFullException;
import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An I/O error of the N-th force or write of a process. What was being done fails, and nothing
 * else.
 */
record FailedCalls(String what, List<String> calls, Places.Kind kind) implements Fault {
  private static final long DISK_BYTES = 1L << 30;
  private static final int LAST = 40;

  /** Each thread has an error of its own, and what is deleted after it may meet it again. */
  private static final int MOST_FAILURES = 3;

  private static final String FULL = TierFullException.class.getName();

  static FailedCalls forces(Places.Kind kind) {
    return new FailedCalls("a force", List.of("fsync", "fdatasync"), kind);
  }

  static FailedCalls writes(Places.Kind kind) {
    return new FailedCalls("a write", List.of("pwrite64", "write"), kind);
  }

  @Override
  public String name() {
    return "I/O error of " + what + ", " + Wording.of(kind);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    try (Shutdown.Closed<Disk> disk = lab.disk(DISK_BYTES)) {
      Path ground = disk.get().root();
      Path side = lab.side();
      return new Trials(name(), seed)
          .run(
              effort.mediumErrors(),
              (number, random) -> {
                Site site =
                    Site.empty(ground.resolve("" + number), side.resolve("" + number), kind);
                Journal journal = new Journal();
                String injection =
                    calls.get(number % calls.size())
                        + ":error=EIO:when="
                        + (1 + random.nextInt(LAST));
                work(site, seed + number, injection, journal);
                Tally tally = Tally.of(journal, site.examine(Examination.Of.BLOBS));
                site.remove();
                List<String> failures = failuresOf(journal);
                if (failures.size() > MOST_FAILURES) {
                  return Tally.notRecovered(0, "one error, but " + failures);
                }
                return tally.after(injection + " " + failures);
              });
    }
  }

  /** A heap that could not be synced takes nothing more, and is full then. */
  private List<String> failuresOf(Journal journal) {
    return journal.failures().stream()
        .filter(failure -> kind == Places.Kind.FILES || !failure.contains(FULL))
        .toList();
  }

  private static void work(Site site, long seed, String injection, Journal journal)
      throws IOException {
    try (Shutdown.Closed<VictimProcess> victim = VictimProcess.start(site, Workload.MIX, seed)) {
      victim.get().awaitReady();
      try (Strace strace = Strace.inject(victim.get().pid(), injection, List.of())) {
        victim.get().letGoOn();
        victim.get().followToEnd(journal);
        victim.get().requireNoBug();
      }
    }
  }
}
