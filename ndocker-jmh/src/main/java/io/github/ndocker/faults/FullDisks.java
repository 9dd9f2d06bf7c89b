package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * A disk without room, or without inodes, for both tiers and the state directory. What was stored
 * before stays; where something is deleted, something else can be stored.
 */
record FullDisks(Places.Kind kind) implements Fault {
  private static final long MIB = 1L << 20;
  private static final long MORE_THAN_THERE_IS = 1L << 30;
  private static final String FEW_INODES = "40";

  @Override
  public String name() {
    return "full disk, " + Wording.of(kind);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    Path side = lab.side();
    return new Trials(name(), seed)
        .run(
            effort.fullDisks(),
            (number, random) -> trial(lab, number, side.resolve("" + number), random));
  }

  private Tally trial(Lab lab, int number, Path side, Random random) throws IOException {
    boolean inodes = number % 4 == 3;
    // a pool is made of more than the bytes of its blobs
    long diskBytes = (kind == Places.Kind.FILES ? 16 : 64) * MIB;
    try (Shutdown.Closed<Disk> closed =
        inodes ? lab.disk(diskBytes, "-N", FEW_INODES) : lab.disk(diskBytes)) {
      Disk disk = closed.get();
      Path filler = disk.root().resolve("filler");
      Site site = Site.empty(disk.root().resolve("store"), side, kind);
      Places places =
          site.places()
              .withBytes(
                  kind == Places.Kind.FILES ? MORE_THAN_THERE_IS : site.places().fastBytes(),
                  MORE_THAN_THERE_IS);
      Site greedy = new Site(places, side);
      if (!inodes) {
        leave(random.nextInt((int) (diskBytes / 2)), disk.root(), filler);
      }
      Journal journal = new Journal();
      try (Shutdown.Closed<VictimProcess> victim =
          VictimProcess.start(greedy, Workload.FILL, random.nextInt())) {
        victim.get().letGoOn();
        victim.get().followToEnd(journal);
        victim.get().requireNoBug();
      }
      // whatever is full now: it can be looked at when there is room again
      Files.deleteIfExists(filler);
      return Tally.of(journal, greedy.examine(Examination.Of.BLOBS))
          .after(inodes ? "inodes" : "bytes");
    }
  }

  private static void leave(long bytes, Path root, Path filler) throws IOException {
    long size = Files.getFileStore(root).getUsableSpace() - bytes;
    if (size > 0) {
      HostCommand.run("fallocate", "--length", "" + size, filler.toString());
    }
  }
}
