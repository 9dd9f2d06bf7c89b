package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A bit flips in any kind of file: a deep check finds it, and a repair mends it from a registry.
 */
record BitFlips(Places.Kind kind) implements Fault {
  private static final long DISK_BYTES = 1L << 30;
  private static final List<FlippedFile> FILES = List.of(FlippedFile.values());

  @Override
  public String name() {
    return "bit flip, " + Wording.of(kind);
  }

  @Override
  public Tally run(Lab lab, Effort effort, long seed) throws IOException {
    try (Shutdown.Closed<Disk> disk = lab.disk(DISK_BYTES)) {
      Path ground = disk.get().root();
      Path side = lab.side();
      Site empty = Site.empty(ground.resolve("prepared"), side.resolve("prepared"), kind);
      Prepared prepared = Prepared.before(lab, Workload.RECOVER_ENGINE, empty, seed);
      EngineUnderTest.push(prepared.site().places(), lab.registry());
      return new Trials(name(), seed)
          .run(
              effort.flips(),
              (number, random) -> {
                Site site =
                    prepared
                        .site()
                        .copiedTo(ground.resolve("" + number), side.resolve("" + number));
                FlippedFile file = FILES.get(number % FILES.size());
                Inventory inventory = checkUp(site, file, lab.registry(), random.nextInt());
                Tally tally = Tally.of(prepared.journal(), inventory).after("" + file);
                site.remove();
                return tally;
              });
    }
  }

  private static Inventory checkUp(Site site, FlippedFile file, String registry, long seed)
      throws IOException {
    return site.places().fastKind() == Places.Kind.HEAP
        ? VictimProcess.examine(site, CheckUp.class, List.of(file.name(), registry, "" + seed))
        : CheckUp.run(site.places(), file, registry, seed);
  }
}
