package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** SIGKILL before the N-th system call of a workload that changes a medium, for a sweep of N. */
record KillSweep(Workload workload, Places.Kind kind) implements Fault {
  private static final long DISK_BYTES = 2L << 30;

  @Override
  public String name() {
    return "SIGKILL at a system call, " + Wording.of(workload) + ", " + Wording.of(kind);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    try (Shutdown.Closed<Disk> disk = lab.disk(DISK_BYTES)) {
      Path ground = disk.get().root();
      Path side = lab.side();
      Prepared prepared =
          Prepared.before(
              lab,
              workload,
              workload.sized(
                  Site.empty(ground.resolve("prepared"), side.resolve("prepared"), kind)),
              seed);
      List<KillPoint> points =
          chosen(
              points(prepared, ground.resolve("counted"), side.resolve("counted"), seed),
              effort.kills(),
              Trials.random(seed));
      return new Trials(name(), seed)
          .run(
              points.size(),
              (number, random) -> {
                Site site =
                    prepared
                        .site()
                        .copiedTo(ground.resolve("" + number), side.resolve("" + number));
                Tally tally = trial(site, prepared.journal().copy(), points.get(number), seed);
                site.remove();
                return tally.after(points.get(number).toString());
              });
    }
  }

  private List<KillPoint> points(Prepared prepared, Path ground, Path side, long seed)
      throws IOException {
    Site site = prepared.site().copiedTo(ground, side);
    Path recording = site.side().resolve("calls");
    try (Shutdown.Closed<VictimProcess> victim = VictimProcess.start(site, workload, seed)) {
      victim.get().awaitReady();
      try (Strace strace = Strace.record(victim.get().pid(), recording)) {
        victim.get().letGoOn();
        victim.get().followToEnd(prepared.journal().copy());
        victim.get().requireGoodEnd();
      }
    }
    List<KillPoint> points = Strace.points(recording);
    site.remove();
    return points;
  }

  /** So many of them, from all calls alike, in an order by chance. */
  private static List<KillPoint> chosen(List<KillPoint> points, int count, Random random) {
    List<KillPoint> shuffled = new ArrayList<>(points);
    Collections.shuffle(shuffled, random);
    List<KillPoint> chosen = new ArrayList<>();
    while (chosen.size() < count) {
      chosen.addAll(shuffled.subList(0, Math.min(shuffled.size(), count - chosen.size())));
    }
    return chosen;
  }

  private Tally trial(Site site, Journal journal, KillPoint point, long seed) throws IOException {
    Kills.killAt(site, workload, seed, journal, point);
    return Tally.of(journal, site.examine(workload.leaves()));
  }
}
