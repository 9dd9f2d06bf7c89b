package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;

/**
 * The power goes out: right after a step was acknowledged, while nothing else happens that could
 * bring it to the medium; or at any moment.
 */
record PowerCuts(Places.Kind kind) implements Fault {
  private static final long DISK_BYTES = 256L << 20;
  private static final int MOST_STEPS = 30;
  private static final int MOST_NANOS = 3_000_000;
  private static final List<Workload> WORKLOADS =
      List.of(
          Workload.MIX,
          Workload.WRITE,
          Workload.MOVE,
          Workload.DELETE,
          Workload.MIX,
          Workload.DEPLOY,
          Workload.PROMOTE,
          Workload.REMOVE);

  @Override
  public String name() {
    return "power cut, " + Wording.of(kind);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    try (Shutdown.Closed<Disk> one = lab.disk(DISK_BYTES);
        Shutdown.Closed<Disk> two = lab.disk(DISK_BYTES)) {
      BlockingQueue<Disk> disks = new ArrayBlockingQueue<>(2, false, List.of(one.get(), two.get()));
      Path side = lab.side();
      return new Trials(name(), seed)
          .run(
              effort.powerCuts(),
              (number, random) -> {
                Disk disk = disks.remove();
                try {
                  return trial(lab, disk, number, side.resolve("" + number), random);
                } finally {
                  disks.add(disk);
                }
              });
    }
  }

  private Tally trial(Lab lab, Disk disk, int number, Path side, Random random) throws IOException {
    Workload workload = WORKLOADS.get(number % WORKLOADS.size());
    boolean afterStep = number / WORKLOADS.size() % 2 == 0;
    long seed = random.nextInt();
    Site site = Site.empty(disk.root().resolve("" + number), side, kind);
    try (SiteOnDisk leaving = new SiteOnDisk(site, disk)) {
      Prepared prepared = Prepared.before(lab, workload, site, seed);
      disk.sync();
      Journal journal = prepared.journal().copy(!afterStep);
      try (Shutdown.Closed<VictimProcess> victim =
          VictimProcess.start(
              site, workload, seed, afterStep ? List.of(Victim.WAITS) : List.of())) {
        victim.get().awaitReady();
        if (afterStep) {
          step(
              victim.get(), journal, 1 + random.nextInt(workload == Workload.MIX ? MOST_STEPS : 5));
        } else {
          victim.get().letGoOn();
          victim.get().follow(journal, random.nextInt(MOST_STEPS));
          LockSupport.parkNanos(random.nextInt(MOST_NANOS));
        }
        disk.cutPower();
        victim.get().kill();
        victim.get().followToEnd(journal);
      }
      disk.startAgain();
      return Tally.of(journal, site.examine(workload.leaves()))
          .after(Wording.of(workload) + (afterStep ? " after a step" : " at any moment"));
    }
  }

  /** Leaves a disk with which the next trial can go on. */
  private record SiteOnDisk(Site site, Disk disk) implements Closeable {
    @Override
    public void close() throws IOException {
      if (disk.isOff()) {
        disk.startAgain();
      }
      site.remove();
    }
  }

  private static void step(VictimProcess victim, Journal journal, int steps) throws IOException {
    for (int step = 0; step < steps; step++) {
      victim.letGoOn();
      if (!victim.follow(journal, 1)) {
        return;
      }
    }
  }
}
