package io.github.ndocker.faults;

import io.github.ndocker.evaluation.host.Shutdown;
import java.io.IOException;

/**
 * A store in which a workload finds something to do, and what it holds.
 *
 * @param site where it is
 * @param journal what has to be there; goes on in copies
 */
record Prepared(Site site, Journal journal) {
  /** Does what comes before a workload. */
  static Prepared before(Lab lab, Workload workload, Site site, long seed) throws IOException {
    switch (workload.leaves()) {
      case SMALL_IMAGES -> EngineUnderTest.writeLayout(site.places());
      case REAL_IMAGE -> RealImage.link(site.places(), lab.images());
      default -> {}
    }
    Journal journal = new Journal();
    for (Workload earlier : workload.before()) {
      try (Shutdown.Closed<VictimProcess> victim = VictimProcess.start(site, earlier, seed)) {
        victim.get().awaitReady();
        victim.get().letGoOn();
        victim.get().followToEnd(journal);
        victim.get().requireGoodEnd();
      }
    }
    return new Prepared(site, journal);
  }
}
