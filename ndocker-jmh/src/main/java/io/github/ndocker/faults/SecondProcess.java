package io.github.ndocker.faults;

import io.github.ndocker.api.Tier;
import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.store.StoreInUseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Another process wants a store that is open: it is told who has it, and changes nothing. */
record SecondProcess(Places.Kind kind) implements Fault {
  private static final long DISK_BYTES = 256L << 20;
  private static final int TRIALS = 4;

  @Override
  public String name() {
    return "two processes, " + Wording.of(kind);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    try (Shutdown.Closed<Disk> disk = lab.disk(DISK_BYTES)) {
      Path ground = disk.get().root();
      Path side = lab.side();
      return new Trials(name(), seed)
          .run(
              TRIALS,
              (number, random) ->
                  trial(
                      lab,
                      Site.empty(ground.resolve("" + number), side.resolve("" + number), kind),
                      random.nextInt()));
    }
  }

  private static Tally trial(Lab lab, Site site, long seed) throws IOException {
    Journal journal = Prepared.before(lab, Workload.MOVE, site, seed).journal();
    String complaint = "";
    try (Shutdown.Closed<VictimProcess> owner = VictimProcess.start(site, Workload.HOLD, seed)) {
      owner.get().awaitReady();
      Map<String, Long> before = files(site.places().root());
      try (StoreUnderTest second = StoreUnderTest.open(site.places())) {
        complaint = "a second process has opened it too: " + second.store().blobs(Tier.FAST);
      } catch (StoreInUseException e) {
        if (!e.pid().equals(OptionalLong.of(owner.get().pid()))) {
          complaint = "the owner is " + owner.get().pid() + ", not as in: " + e.getMessage();
        }
      }
      if (complaint.isEmpty() && !files(site.places().root()).equals(before)) {
        complaint = "the second process has changed something";
      }
    }
    return complaint.isEmpty()
        ? Tally.of(journal, site.examine(Examination.Of.BLOBS))
        : Tally.notRecovered(journal.present().size(), complaint);
  }

  private static Map<String, Long> files(Path root) throws IOException {
    Map<String, Long> files = new TreeMap<>();
    try (Stream<Path> walk = Files.walk(root)) {
      for (Path file : walk.toList()) {
        files.put(
            file + " " + Files.getLastModifiedTime(file),
            Files.isRegularFile(file) ? Files.size(file) : 0L);
      }
    }
    return files;
  }
}
