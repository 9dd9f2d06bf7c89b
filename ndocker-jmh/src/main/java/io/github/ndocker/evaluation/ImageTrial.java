package io.github.ndocker.evaluation;

import io.github.ndocker.api.Tier;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ContainerdArm;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.host.LimitNotHeldException;
import io.github.ndocker.evaluation.report.DeviceSpeed;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is measured of one image, the arms taking turns. */
final class ImageTrial {
  private static final Logger LOG = LoggerFactory.getLogger(ImageTrial.class);

  /** What is measured of an arm; what is known of it before is in the builder. */
  @FunctionalInterface
  private interface Measured {
    Measurement of(Arm arm, MeasurementBuilder measurement) throws IOException;
  }

  private final Bench bench;
  private final Workload workload;
  private final Consumer<String> progress;
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<DeviceSpeed> speeds = new ArrayList<>();
  private final Set<Arm> deployed = new LinkedHashSet<>();
  private final Map<Arm, Long> steady = new HashMap<>();
  private Subject subject;

  /** Deploys the image once to the arm that says what it runs, to get to know it. */
  ImageTrial(Bench bench, Workload workload, Consumer<String> progress) throws IOException {
    this.bench = bench;
    this.workload = workload;
    this.progress = progress;
    this.subject = Subject.deployed(workload, bench);
    bench.arms().allFast().remove(subject.reference());
  }

  List<Measurement> measurements() {
    return List.copyOf(measurements);
  }

  List<DeviceSpeed> speeds() {
    return List.copyOf(speeds);
  }

  /**
   * Measures. What fails is recorded, and the rest goes on.
   *
   * @param effort how much
   * @param probed the arms whose containers measure the devices first
   */
  void run(Effort effort, List<Arm> probed) {
    try {
      try {
        if (effort.deployments() > 0) {
          deployments(effort);
        } else {
          putThere();
        }
        probe(probed);
        if (effort.startsAnything()) {
          prepare();
          coldStarts(effort);
        }
      } finally {
        removeAll();
      }
    } catch (LimitNotHeldException e) {
      voidAll(e);
    } catch (IOException e) {
      // of the image, whatever arm was at it
      failed(measurement(Measurement.Kind.COLD_START, bench.arms().allFast()), e);
    }
  }

  private void deployments(Effort effort) throws IOException {
    DeploymentTrial trial = new DeploymentTrial(bench);
    for (Network network : bench.networks()) {
      subject = subject.at(network.image(workload.image()));
      for (int rep = 0; rep < effort.deployments(); rep++) {
        boolean last = network.equals(bench.lastNetwork()) && rep == effort.deployments() - 1;
        for (Arm arm : bench.arms().all()) {
          progress.accept("deployment over " + network.name() + ", " + arm.name());
          // at first: what fails half-way may be there and has to be removed
          deployed.add(arm);
          boolean done =
              measure(
                  arm,
                  measurement(Measurement.Kind.DEPLOYMENT, arm)
                      .rep(rep)
                      .network(network.name())
                      .starts("crun", "fast", 1),
                  (each, measurement) -> trial.measure(each, subject, network, measurement));
          if (!done) {
            removeWhatThereIs(arm);
          } else if (!last || !bench.arms().startsCold(arm)) {
            // what goes on fetching in the background would disturb the others
            remove(arm);
          }
        }
      }
    }
  }

  /** For arms whose starts are measured, as fast as the device can. */
  private void putThere() throws IOException {
    for (Arm arm : bench.arms().all()) {
      if (!bench.arms().startsCold(arm)) {
        continue;
      }
      progress.accept("unmeasured deployment, " + arm.name());
      deployed.add(arm);
      try {
        bench
            .devices()
            .slow()
            .unlimited(
                () -> {
                  arm.requireEmpty();
                  arm.expect(subject.reference());
                  arm.deploy(subject.reference(), ignored -> {});
                });
      } catch (LimitNotHeldException e) {
        throw e;
      } catch (IOException e) {
        failed(measurement(Measurement.Kind.COLD_START, arm).starts("crun", "fast", 1), e);
        removeWhatThereIs(arm);
      }
    }
  }

  private void probe(List<Arm> probed) throws IOException {
    progress.accept("devices");
    // what the deployments left to be written is not charged to the probe
    bench.devices().slow().sync();
    List<Arm> there = probed.stream().filter(deployed::contains).toList();
    speeds.addAll(new SpeedTrial(bench, subject).measure(there));
  }

  private void prepare() throws IOException {
    for (Arm arm : List.copyOf(deployed)) {
      progress.accept("preparation, " + arm.name());
      try {
        bench
            .devices()
            .slow()
            .unlimited(() -> arm.prepare(subject.reference(), workload, subject.spec()));
        steady.put(arm, arm.fastBytes(subject.reference()));
      } catch (LimitNotHeldException e) {
        throw e;
      } catch (IOException e) {
        failed(measurement(Measurement.Kind.COLD_START, arm).starts("crun", "fast", 1), e);
        // its starts would not be those of the arm
        removeWhatThereIs(arm);
      }
    }
  }

  private void coldStarts(Effort effort) throws IOException {
    StartTrials starts = new StartTrials(bench);
    // engines that are opened anew, as they are in the series that follow
    placeWritableLayers(Tier.FAST);
    headline(starts, effort);
    placeWritableLayers(Tier.SLOW);
    repeat(
        effort.otherStarts(),
        arm -> !bench.arms().isAllFast(arm),
        arm -> measurement(Measurement.Kind.COLD_START, arm).starts("crun", "slow", 1),
        (arm, measurement) -> starts.coldAndWarm(arm, subject, measurement));
    placeWritableLayers(Tier.FAST);
    repeat(
        effort.otherStarts(),
        ContainerdArm.class::isInstance,
        arm ->
            measurement(Measurement.Kind.COLD_START, arm)
                .starts("ctr", bench.arms().isAllFast(arm) ? "fast" : "slow", 1),
        (arm, measurement) -> starts.byCtr((ContainerdArm) arm, subject, measurement));
    for (int containers : effort.together()) {
      repeat(
          1,
          bench.arms()::startsManyAtOnce,
          arm ->
              measurement(Measurement.Kind.CONCURRENT_START, arm)
                  .starts("crun", "fast", containers),
          (arm, measurement) -> starts.together(arm, subject, containers, measurement));
    }
    if (!effort.together().isEmpty()) {
      repeat(
          effort.otherStarts(),
          arm -> true,
          arm -> measurement(Measurement.Kind.BUSY_START, arm).starts("crun", "fast", 1),
          (arm, measurement) -> starts.besideReader(arm, subject, measurement));
    }
  }

  private void headline(StartTrials starts, Effort effort) throws IOException {
    Map<Arm, Double> seconds = new HashMap<>();
    for (int rep = 0; rep < effort.mostStarts(); rep++) {
      int done = rep;
      each(
          rep,
          // one that fails is started no more than it has to be
          arm -> effort.startsAgain(done, seconds.getOrDefault(arm, Double.MAX_VALUE)),
          arm ->
              measurement(Measurement.Kind.COLD_START, arm)
                  .starts("crun", "fast", 1)
                  .fastBytesSteady(steady.get(arm)),
          (arm, measurement) -> {
            Measurement start = starts.coldAndWarm(arm, subject, measurement);
            Double took = start.coldStartSeconds();
            if (took != null) {
              seconds.merge(arm, took, Double::sum);
            }
            return start;
          });
    }
  }

  private void placeWritableLayers(Tier tier) throws IOException {
    for (Arm arm : bench.arms().all()) {
      arm.placeWritableLayers(tier);
    }
  }

  /** Begins the record of a measurement of an arm. */
  @FunctionalInterface
  private interface Beginning {
    MeasurementBuilder of(Arm arm);
  }

  private void repeat(int reps, Predicate<Arm> which, Beginning beginning, Measured measured)
      throws IOException {
    for (int rep = 0; rep < reps; rep++) {
      each(rep, which, beginning, measured);
    }
  }

  private void each(int rep, Predicate<Arm> which, Beginning beginning, Measured measured)
      throws IOException {
    for (Arm arm : List.copyOf(deployed)) {
      if (which.test(arm)) {
        MeasurementBuilder measurement = beginning.of(arm).rep(rep);
        progress.accept(measurement + ", " + arm.name());
        measure(arm, measurement, measured);
      }
    }
  }

  /** An arm that cannot do it is recorded, and the others go on. */
  private boolean measure(Arm arm, MeasurementBuilder measurement, Measured measured)
      throws IOException {
    try {
      measurements.add(measured.of(arm, measurement));
      return true;
    } catch (LimitNotHeldException e) {
      throw e;
    } catch (IOException e) {
      failed(measurement, e);
      return false;
    }
  }

  private MeasurementBuilder measurement(Measurement.Kind kind, Arm arm) {
    return subject.measurement(kind, arm, bench.device());
  }

  private void failed(MeasurementBuilder measurement, IOException failure) {
    LOG.warn("{}, {}", workload.image(), measurement, failure);
    measurements.add(measurement.failed(failure));
  }

  private void voidAll(LimitNotHeldException failure) {
    LOG.warn("{}: {}", workload.image(), failure.getMessage());
    measurements.clear();
    speeds.clear();
    for (Arm arm : bench.arms().all()) {
      measurements.add(
          measurement(Measurement.Kind.COLD_START, arm)
              .starts("crun", "fast", 1)
              .voided(String.valueOf(failure.getMessage())));
    }
  }

  private void removeAll() throws IOException {
    progress.accept("removal");
    for (Arm arm : List.copyOf(deployed)) {
      remove(arm);
    }
  }

  private void remove(Arm arm) throws IOException {
    deployed.remove(arm);
    bench.devices().slow().unlimited(() -> arm.remove(subject.reference()));
  }

  /** After a failure there may be nothing; if there is something, the next deployment says so. */
  private void removeWhatThereIs(Arm arm) throws IOException {
    try {
      remove(arm);
    } catch (LimitNotHeldException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("what has failed has left nothing", e);
    }
  }
}
