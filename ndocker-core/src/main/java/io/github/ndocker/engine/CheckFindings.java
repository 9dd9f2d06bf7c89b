package io.github.ndocker.engine;

import io.github.ndocker.engine.CheckFinding.Kind;
import io.github.ndocker.engine.CheckFinding.Outcome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a check has found so far, and whether it mends. For one thread. */
final class CheckFindings {
  private static final Logger LOG = LoggerFactory.getLogger(CheckFindings.class);

  private final boolean repair;
  private final List<CheckFinding> findings = new ArrayList<>();
  private int blobs;
  private long bytes;

  CheckFindings(boolean repair) {
    this.repair = repair;
  }

  void looked(long read) {
    blobs++;
    bytes += read;
  }

  void report(Kind kind, String subject, String problem) {
    add(kind, subject, problem, Outcome.REPORTED);
  }

  /**
   * Mends it, if that was asked for. One that cannot be mended keeps no other from being so.
   *
   * @return whether it is right now
   */
  boolean mend(Kind kind, String subject, String problem, Repair repairing) {
    if (!repair) {
      report(kind, subject, problem);
      return false;
    }
    try {
      repairing.run();
      add(kind, subject, problem, Outcome.MENDED);
      return true;
    } catch (IOException e) {
      add(kind, subject, problem + "; not mended: " + e.getMessage(), Outcome.FAILED);
      return false;
    }
  }

  private void add(Kind kind, String subject, String problem, Outcome outcome) {
    LOG.info("{} {}: {} ({})", kind, subject, problem, outcome);
    findings.add(new CheckFinding(kind, subject, problem, outcome));
  }

  CheckReport report() {
    return new CheckReport(findings, blobs, bytes);
  }
}
