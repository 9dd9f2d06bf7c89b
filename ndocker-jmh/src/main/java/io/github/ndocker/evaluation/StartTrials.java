package io.github.ndocker.evaluation;

import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.ContainerdArm;
import io.github.ndocker.evaluation.arm.SimultaneousStarts;
import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import java.io.IOException;
import java.util.Collections;

/** Starts of a deployed image, with nothing of it in memory. */
final class StartTrials {
  static final String IMPOSSIBLE =
      "the slow device served more reads than its limit allows in that time";

  private final Bench bench;

  StartTrials(Bench bench) {
    this.bench = bench;
  }

  /** A cold start and, right after it, a warm one. */
  Measurement coldAndWarm(Arm arm, Subject subject, MeasurementBuilder measurement)
      throws IOException {
    ColdStart.Start begin = () -> arm.start(subject.reference(), subject.spec());
    ColdStart cold = ColdStart.measure(arm, subject.workload(), begin, bench.devices());
    // what the cold one has asked for and not waited for
    bench.devices().slow().awaitIdle();
    ColdStart warm = ColdStart.once(subject.workload(), begin, bench.devices());
    if (warm.possible()) {
      measurement.warmStart(warm.seconds());
    }
    return record(measurement, cold);
  }

  /** A cold start as containerd's users see it. */
  Measurement byCtr(ContainerdArm arm, Subject subject, MeasurementBuilder measurement)
      throws IOException {
    return record(
        measurement,
        ColdStart.measure(
            arm,
            subject.workload(),
            () -> arm.startByCtr(subject.reference(), subject.workload()),
            bench.devices()));
  }

  /** Several containers of one image at once. */
  Measurement together(Arm arm, Subject subject, int containers, MeasurementBuilder measurement)
      throws IOException {
    SimultaneousStarts.One one =
        new SimultaneousStarts.One(
            subject.workload(), () -> arm.start(subject.reference(), subject.spec()));
    return record(
        measurement,
        SimultaneousStarts.measure(arm, Collections.nCopies(containers, one), bench.devices()));
  }

  /** A cold start while another process reads the slow device. */
  Measurement besideReader(Arm arm, Subject subject, MeasurementBuilder measurement)
      throws IOException {
    ColdStart.forget(arm);
    try (Shutdown.Closed<DeviceReader> reader =
        Shutdown.open(() -> DeviceReader.start(bench.devices().slow()))) {
      reader.get().awaitReading();
      return record(
          measurement,
          ColdStart.once(
              subject.workload(),
              () -> arm.start(subject.reference(), subject.spec()),
              bench.devices()));
    }
  }

  static Measurement record(MeasurementBuilder measurement, ColdStart cold) {
    measurement.coldStart(cold.seconds(), cold.slow(), cold.fast());
    return cold.possible() ? measurement.measured() : measurement.voided(IMPOSSIBLE);
  }
}
