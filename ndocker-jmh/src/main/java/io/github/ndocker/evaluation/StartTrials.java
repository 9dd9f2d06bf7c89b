package io.github.ndocker.evaluation;

import io.github.ndocker.api.Tier;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.ContainerdArm;
import io.github.ndocker.evaluation.arm.SimultaneousStarts;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import java.io.IOException;
import java.util.Collections;
import org.jspecify.annotations.Nullable;

/** Starts of a deployed image, with nothing of it in memory. */
final class StartTrials {
  private static final String IMPOSSIBLE =
      "the slow device served more reads than its limit allows in that time";

  private final Bench bench;

  StartTrials(Bench bench) {
    this.bench = bench;
  }

  /** A cold start and, right after it, a warm one. */
  Measurement coldAndWarm(Arm arm, Subject subject, Tier writable, int rep, @Nullable Long steady)
      throws IOException {
    ColdStart.Start begin = () -> arm.start(subject.reference(), subject.spec());
    ColdStart cold = ColdStart.measure(arm, subject.workload(), begin, bench.devices());
    ColdStart warm = ColdStart.once(subject.workload(), begin, bench.devices());
    return record(
        subject
            .measurement(Measurement.Kind.COLD_START, arm, bench.device())
            .rep(rep)
            .starts("crun", Subject.nameOf(writable), 1)
            .fastBytesSteady(steady)
            .warmStart(warm.seconds()),
        cold);
  }

  /** A cold start as containerd's users see it. */
  Measurement byCtr(ContainerdArm arm, Subject subject, int rep) throws IOException {
    ColdStart cold =
        ColdStart.measure(
            arm,
            subject.workload(),
            () -> arm.startByCtr(subject.reference(), subject.workload()),
            bench.devices());
    return record(
        subject
            .measurement(Measurement.Kind.COLD_START, arm, bench.device())
            .rep(rep)
            .starts("ctr", arm.name().endsWith("fast") ? "fast" : "slow", 1),
        cold);
  }

  /** Several containers of one image at once. */
  Measurement together(Arm arm, Subject subject, int containers) throws IOException {
    SimultaneousStarts.One one =
        new SimultaneousStarts.One(
            subject.workload(), () -> arm.start(subject.reference(), subject.spec()));
    ColdStart cold =
        SimultaneousStarts.measure(arm, Collections.nCopies(containers, one), bench.devices());
    return record(
        subject
            .measurement(Measurement.Kind.CONCURRENT_START, arm, bench.device())
            .starts("crun", "fast", containers),
        cold);
  }

  /** A cold start while another process reads the slow device. */
  Measurement besideReader(Arm arm, Subject subject, int rep) throws IOException {
    ColdStart.forget(arm);
    ColdStart cold;
    try (DeviceReader reader = DeviceReader.start(bench.devices().slow())) {
      reader.awaitReading();
      cold =
          ColdStart.once(
              subject.workload(),
              () -> arm.start(subject.reference(), subject.spec()),
              bench.devices());
    }
    return record(
        subject
            .measurement(Measurement.Kind.BUSY_START, arm, bench.device())
            .rep(rep)
            .starts("crun", "fast", 1),
        cold);
  }

  static Measurement record(MeasurementBuilder measurement, ColdStart cold) {
    measurement.coldStart(cold.seconds(), cold.slow(), cold.fast());
    return cold.possible() ? measurement.measured() : measurement.voided(IMPOSSIBLE);
  }
}
