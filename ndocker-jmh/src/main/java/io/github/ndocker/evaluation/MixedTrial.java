package io.github.ndocker.evaluation;

import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.SimultaneousStarts;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One container each of several images, started at once. */
final class MixedTrial {
  private final Bench bench;
  private final List<Workload> workloads;
  private final Consumer<String> progress;

  MixedTrial(Bench bench, List<Workload> workloads, Consumer<String> progress) {
    this.bench = bench;
    this.workloads = List.copyOf(workloads);
    this.progress = progress;
  }

  /** Deploys the images to one arm, starts them, removes them. */
  List<Measurement> run(Arm arm, int reps) throws IOException {
    List<Subject> subjects = new ArrayList<>();
    try {
      bench
          .devices()
          .slow()
          .unlimited(
              () -> {
                for (Workload workload : workloads) {
                  deploy(arm, workload, subjects);
                }
              });
      List<SimultaneousStarts.One> starts =
          subjects.stream()
              .map(
                  subject ->
                      new SimultaneousStarts.One(
                          subject.workload(), () -> arm.start(subject.reference(), subject.spec())))
              .toList();
      List<Measurement> measurements = new ArrayList<>();
      for (int rep = 0; rep < reps; rep++) {
        progress.accept(starts.size() + " images at once, " + arm.name());
        ColdStart cold = SimultaneousStarts.measure(arm, starts, bench.devices());
        measurements.add(
            StartTrials.record(
                measurement(arm, bench.device(), subjects.size())
                    .image(
                        subjects.size() + " images",
                        "all",
                        subjects.stream().mapToLong(Subject::bytes).sum(),
                        subjects.stream().mapToInt(Subject::layers).sum())
                    .rep(rep),
                cold));
      }
      return measurements;
    } finally {
      bench
          .devices()
          .slow()
          .unlimited(
              () -> {
                for (Subject subject : subjects) {
                  arm.remove(subject.reference());
                }
              });
    }
  }

  static MeasurementBuilder measurement(Arm arm, String device, int images) {
    return new MeasurementBuilder(Measurement.Kind.MIXED_START, arm.name(), device)
        .image(images + " images", "all", 0, 0)
        .starts("crun", "fast", images);
  }

  private void deploy(Arm arm, Workload workload, List<Subject> subjects) throws IOException {
    progress.accept("deployment of " + workload.image() + ", " + arm.name());
    Subject subject = Subject.deployed(workload, bench);
    if (!arm.equals(bench.arms().allFast())) {
      bench.arms().allFast().remove(subject.reference());
      arm.expect(subject.reference());
      arm.deploy(subject.reference(), ignored -> {});
    }
    // before what may fail: it has to be removed
    subjects.add(subject);
    arm.prepare(subject.reference(), workload, subject.spec());
  }
}
