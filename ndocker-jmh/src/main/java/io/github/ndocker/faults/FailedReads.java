package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * An I/O error when a blob's file is read to move it: the blob stays where it is. Of other files no
 * read fails, because a JVM reads its classes the same way.
 */
record FailedReads(Places.Kind kind) implements Fault {
  private static final long DISK_BYTES = 1L << 30;
  private static final int LAST = 3;

  @Override
  public String name() {
    return "I/O error of a read, " + Wording.of(kind);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    try (Shutdown.Closed<Disk> disk = lab.disk(DISK_BYTES)) {
      Path ground = disk.get().root();
      Path side = lab.side();
      Site empty = Site.empty(ground.resolve("prepared"), side.resolve("prepared"), kind);
      Prepared prepared = Prepared.before(lab, Workload.MOVE, empty, seed);
      return new Trials(name(), seed)
          .run(
              effort.mediumErrors(),
              (number, random) -> {
                Site site =
                    prepared
                        .site()
                        .copiedTo(ground.resolve("" + number), side.resolve("" + number));
                Tally tally = trial(site, prepared.journal().copy(), random);
                site.remove();
                return tally;
              });
    }
  }

  private static Tally trial(Site site, Journal journal, Random random) throws IOException {
    String injection = "pread64:error=EIO:when=" + (1 + random.nextInt(LAST));
    try (Shutdown.Closed<VictimProcess> victim =
        VictimProcess.start(site, Workload.MOVE, random.nextInt())) {
      victim.get().awaitReady();
      List<Path> blobs = blobFiles(site.places());
      try (Strace strace = Strace.inject(victim.get().pid(), injection, blobs)) {
        victim.get().letGoOn();
        victim.get().followToEnd(journal);
        victim.get().requireGoodEnd();
      }
    }
    if (journal.failures().isEmpty()) {
      return Tally.notRecovered(0, "no move has failed, although a read has: " + injection);
    }
    return Tally.of(journal, site.examine(Examination.Of.BLOBS)).after(injection);
  }

  private static List<Path> blobFiles(Places places) throws IOException {
    try (Stream<Path> files = Files.walk(places.root())) {
      return files
          .filter(file -> file.toString().contains("/blobs/") && Files.isRegularFile(file))
          .toList();
    }
  }
}
