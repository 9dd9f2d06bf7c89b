package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.nio.file.Path;

/** SIGKILL at any moment, not only at system calls. */
record KillAnywhere(Places.Kind kind) implements Fault {
  private static final long DISK_BYTES = 1L << 30;

  @Override
  public String name() {
    return "SIGKILL at any moment, " + Wording.of(Workload.MIX) + ", " + Wording.of(kind);
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
                Kills.killAnywhere(site, Workload.MIX, seed + number, journal, random);
                Tally tally = Tally.of(journal, site.examine(Examination.Of.BLOBS));
                site.remove();
                return tally;
              });
    }
  }
}
