package io.github.ndocker.faults;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/**
 * A disk that cannot be read from some place on, under blobs: each is read with the right bytes, or
 * not at all. A heap that cannot be read kills its process, as the architecture says.
 */
record BrokenDisks() implements Fault {
  private static final long DISK_BYTES = 32L << 20;

  /** Of a page of the file that is cut, the kernel reads the rest as zeros. */
  private static final long PAGE = 4096;

  @Override
  public String name() {
    return "disk that cannot be read, " + Wording.of(Places.Kind.FILES);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    Path side = lab.side();
    return new Trials(name(), seed)
        .run(
            effort.mediumErrors(),
            (number, random) -> trial(lab, side.resolve("" + number), random));
  }

  private static Tally trial(Lab lab, Path side, Random random) throws IOException {
    try (Shutdown.Closed<Disk> closed = lab.disk(DISK_BYTES)) {
      Disk disk = closed.get();
      Site site = Site.empty(disk.root().resolve("store"), side, Places.Kind.FILES);
      Journal journal = Prepared.before(lab, Workload.MOVE, site, random.nextInt()).journal();
      // state and directories are read before it breaks; nothing of the blobs is in memory
      disk.startAgain();
      long wrong;
      try (StoreUnderTest opened = StoreUnderTest.open(site.places())) {
        disk.breakFrom(random.nextInt((int) (DISK_BYTES / PAGE)) * PAGE);
        wrong = wrongBytes(opened.store());
      }
      disk.mend();
      Tally tally = Tally.of(journal, site.examine(Examination.Of.BLOBS));
      return new Tally(
          tally.trials(),
          tally.acknowledged(),
          tally.lost(),
          tally.halfVisible() + wrong,
          tally.leakedBytes(),
          tally.recovered(),
          tally.complaints());
    }
  }

  private static long wrongBytes(TwoTierStore store) {
    Set<Digest> blobs = new HashSet<>(store.blobs(Tier.FAST));
    blobs.addAll(store.blobs(Tier.SLOW));
    return blobs.stream().filter(blob -> isWrong(store, blob)).count();
  }

  private static boolean isWrong(TwoTierStore store, Digest blob) {
    try {
      return !Blob.isIntact(store, blob);
    } catch (IOException e) {
      return false; // as it should be: whoever reads it is told
    }
  }
}
