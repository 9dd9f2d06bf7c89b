package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;

/** SIGKILL in the middle of work, and then again and again while the store is opened. */
record KilledRecovery(Places.Kind kind) implements Fault {
  private static final long DISK_BYTES = 1L << 30;
  private static final int RECOVERIES = 2;
  private static final int LAST_OF_WORK = 60;
  private static final int LAST_OF_RECOVERY = 12;

  @Override
  public String name() {
    return "SIGKILL at a system call, " + Wording.of(Workload.RECOVER) + ", " + Wording.of(kind);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    try (Shutdown.Closed<Disk> disk = lab.disk(DISK_BYTES)) {
      Path ground = disk.get().root();
      Path side = lab.side();
      return new Trials(name(), seed)
          .run(
              effort.kills(),
              (number, random) -> {
                Site site =
                    Site.empty(ground.resolve("" + number), side.resolve("" + number), kind);
                Journal journal = new Journal();
                Kills.killAt(
                    site, Workload.MIX, seed + number, journal, anyOf(random, LAST_OF_WORK));
                for (int recovery = 0; recovery < RECOVERIES; recovery++) {
                  KillPoint point = anyOf(random, LAST_OF_RECOVERY);
                  Kills.killAt(site, Workload.RECOVER, seed, journal, point);
                }
                Tally tally = Tally.of(journal, site.examine(Examination.Of.BLOBS));
                site.remove();
                return tally;
              });
    }
  }

  private static KillPoint anyOf(Random random, int last) {
    String call = Strace.CHANGES.get(random.nextInt(Strace.CHANGES.size()));
    return new KillPoint(call, 1 + random.nextInt(last));
  }
}
