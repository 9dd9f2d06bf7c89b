package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** Many threads write, read, move, delete and sweep for a while. */
record ManyThreads(Places.Kind kind) implements Fault {
  private static final long DISK_BYTES = 512L << 20;
  private static final long TIER_BYTES = 64L << 20;
  private static final int BLOBS = 400;
  private static final int MOST_BYTES = 600_000;

  @Override
  public String name() {
    return "many threads, " + Wording.of(kind);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    try (Shutdown.Closed<Disk> disk = lab.disk(DISK_BYTES)) {
      Site site = Site.empty(disk.get().root().resolve("store"), lab.side(), kind);
      Places places = site.places().withBytes(TIER_BYTES, TIER_BYTES);
      return new Trials(name(), seed)
          .run(1, (number, random) -> trial(new Site(places, site.side()), effort, random));
    }
  }

  private static Tally trial(Site site, Effort effort, Random random) throws IOException {
    Journal journal = new Journal();
    try (Shutdown.Closed<VictimProcess> victim =
        VictimProcess.start(
            site,
            Workload.DISTURB,
            random.nextInt(),
            List.of("" + effort.threads(), "" + effort.seconds()))) {
      victim.get().awaitReady();
      victim.get().letGoOn();
      victim.get().followToEnd(journal);
      victim.get().requireGoodEnd();
    }
    return Tally.of(journal, site.examine(Examination.Of.BLOBS));
  }

  /** What the victim does: works, and then says what has to be there. */
  static void disturb(Steps steps, TwoTierStore store, Random random, int count, int seconds)
      throws IOException {
    List<Blob> blobs = new ArrayList<>();
    for (int blob = 0; blob < BLOBS; blob++) {
      blobs.add(Blob.random(random, MOST_BYTES));
    }
    MixedOperations work = new MixedOperations(store, blobs);
    AtomicBoolean stop = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(count);
    try {
      List<Future<?>> running = new ArrayList<>();
      for (int thread = 0; thread < count; thread++) {
        Random own = Trials.random(random.nextInt());
        running.add(
            threads.submit(
                () -> {
                  work.run(own, stop);
                  return null;
                }));
      }
      LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
      stop.set(true);
      for (Future<?> one : running) {
        one.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("a thread has failed", e);
    } finally {
      stop.set(true);
      threads.shutdownNow();
    }
    if (work.violations() > 0) {
      throw new IllegalStateException(
          work.violations() + " of " + work.operations() + " operations were not as they must be");
    }
    for (Blob blob : work.present()) {
      steps.take(Journal.PUT, blob.name(), () -> {});
    }
  }
}
