package io.github.ndocker.evaluation;

import io.github.ndocker.api.Tier;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ContainerdArm;
import io.github.ndocker.evaluation.arm.DeviceProbe;
import io.github.ndocker.evaluation.arm.LimitNotHeldException;
import io.github.ndocker.evaluation.arm.NoSpeedException;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.report.DeviceSpeed;
import io.github.ndocker.evaluation.report.Measurement;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is measured of one image, the arms taking turns. */
final class ImageTrial {
  private static final Logger LOG = LoggerFactory.getLogger(ImageTrial.class);
  private static final double PROBE_SECONDS = 2;

  /** What is measured of an arm. */
  @FunctionalInterface
  private interface Measured {
    Measurement of(Arm arm) throws IOException;
  }

  private final Bench bench;
  private final Workload workload;
  private final Consumer<String> progress;
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<DeviceSpeed> speeds = new ArrayList<>();
  private final Set<Arm> deployed = new LinkedHashSet<>();
  private final Set<Arm> failed = new LinkedHashSet<>();
  private final Map<Arm, Long> steady = new HashMap<>();
  private Subject subject;

  /** Deploys the image once to the arm that says what it runs, to get to know it. */
  ImageTrial(Bench bench, Workload workload, Consumer<String> progress) throws IOException {
    this.bench = bench;
    this.workload = workload;
    this.progress = progress;
    var reference = bench.lastNetwork().image(workload.image());
    bench.arms().allFast().deploy(reference, ignored -> {});
    this.subject = Subject.of(workload, reference, bench.arms().allFast());
    bench.arms().allFast().remove(reference);
  }

  List<Measurement> measurements() {
    return List.copyOf(measurements);
  }

  List<DeviceSpeed> speeds() {
    return List.copyOf(speeds);
  }

  /**
   * Measures.
   *
   * @param effort how much
   * @param probed the arms whose containers measure the devices first
   */
  void run(Effort effort, List<Arm> probed) throws IOException {
    try {
      deployments(effort);
      probe(probed);
      prepare();
      coldStarts(effort);
    } catch (LimitNotHeldException e) {
      voidAll(e.getMessage());
    } finally {
      removeAll();
    }
  }

  private void deployments(Effort effort) throws IOException {
    DeploymentTrial trial = new DeploymentTrial(bench);
    for (Network network : bench.networks()) {
      subject = subject.at(network.image(workload.image()));
      for (int rep = 0; rep < effort.deployments(); rep++) {
        boolean last = network.equals(bench.lastNetwork()) && rep == effort.deployments() - 1;
        int number = rep;
        for (Arm arm : bench.arms().all()) {
          progress.accept("deployment over " + network.name() + ", " + arm.name());
          measure(
              arm,
              Measurement.Kind.DEPLOYMENT,
              each -> {
                // at first: what fails half-way may be there and has to be removed
                deployed.add(each);
                return trial.measure(each, subject, network, number);
              });
          // what goes on fetching in the background would disturb the others
          if (!last || failed.contains(arm) || !bench.arms().startsCold(arm)) {
            remove(arm);
          }
        }
      }
    }
  }

  /** Every arm's containers must meet the limit: they do not all run in the same control group. */
  private void probe(List<Arm> probed) throws IOException {
    progress.accept("devices");
    boolean fastToo = probed.size() > 1;
    // what the deployments left to be written is not charged to the probe
    bench.devices().slow().unlimited(() -> {});
    try (DeviceProbe slow = new DeviceProbe(bench.devices().slow(), PROBE_SECONDS);
        DeviceProbe fast = new DeviceProbe(bench.devices().fast(), PROBE_SECONDS)) {
      for (Arm arm : probed) {
        if (!deployed.contains(arm)) {
          continue;
        }
        DeviceSpeed speed = slow.measure(arm, "slow", subject.reference(), subject.spec());
        speeds.add(speed);
        slow.check(speed);
        if (fastToo) {
          speeds.add(fast.measure(arm, "fast", subject.reference(), subject.spec()));
        }
      }
    } catch (NoSpeedException e) {
      // another image's turn; the reads of every cold start are watched all the same
      LOG.info("{}: {}", workload.image(), e.getMessage());
    }
  }

  private void prepare() {
    for (Arm arm : List.copyOf(deployed)) {
      progress.accept("preparation, " + arm.name());
      try {
        bench
            .devices()
            .slow()
            .unlimited(() -> arm.prepare(subject.reference(), workload, subject.spec()));
        steady.put(arm, arm.fastBytes(subject.reference()));
      } catch (IOException e) {
        failed(arm, Measurement.Kind.COLD_START, e);
      }
    }
  }

  private void coldStarts(Effort effort) throws IOException {
    StartTrials starts = new StartTrials(bench);
    for (int rep = 0; rep < effort.starts(); rep++) {
      int number = rep;
      each(
          Measurement.Kind.COLD_START,
          arm -> starts.coldAndWarm(arm, subject, Tier.FAST, number, steady.get(arm)));
    }
    placeWritableLayers(Tier.SLOW);
    for (int rep = 0; rep < effort.otherStarts(); rep++) {
      int number = rep;
      each(
          Measurement.Kind.COLD_START,
          arm -> starts.coldAndWarm(arm, subject, Tier.SLOW, number, null),
          arm -> !isAllFast(arm));
    }
    placeWritableLayers(Tier.FAST);
    for (int rep = 0; rep < effort.otherStarts(); rep++) {
      int number = rep;
      each(
          Measurement.Kind.COLD_START,
          arm -> starts.byCtr((ContainerdArm) arm, subject, number),
          arm -> arm instanceof ContainerdArm);
    }
    for (int containers : effort.together()) {
      each(Measurement.Kind.CONCURRENT_START, arm -> starts.together(arm, subject, containers));
    }
    if (!effort.together().isEmpty()) {
      for (int rep = 0; rep < effort.otherStarts(); rep++) {
        int number = rep;
        each(Measurement.Kind.BUSY_START, arm -> starts.besideReader(arm, subject, number));
      }
    }
  }

  private void placeWritableLayers(Tier tier) throws IOException {
    for (Arm arm : bench.arms().all()) {
      arm.placeWritableLayers(tier);
    }
  }

  private void each(Measurement.Kind kind, Measured measured) {
    each(kind, measured, arm -> true);
  }

  private void each(
      Measurement.Kind kind, Measured measured, java.util.function.Predicate<Arm> which) {
    for (Arm arm : List.copyOf(deployed)) {
      if (which.test(arm) && bench.arms().startsCold(arm)) {
        progress.accept(kind + ", " + arm.name());
        measure(arm, kind, measured);
      }
    }
  }

  /** An arm that cannot do it is recorded, and the others go on. */
  private void measure(Arm arm, Measurement.Kind kind, Measured measured) {
    try {
      measurements.add(measured.of(arm));
    } catch (IOException e) {
      failed(arm, kind, e);
    }
  }

  private void failed(Arm arm, Measurement.Kind kind, IOException failure) {
    failed.add(arm);
    LOG.warn("{}, {}, {}", workload.image(), arm.name(), kind, failure);
    measurements.add(subject.measurement(kind, arm, bench.device()).failed(failure));
  }

  private void voidAll(@org.jspecify.annotations.Nullable String reason) {
    LOG.warn("{}: {}", workload.image(), reason);
    measurements.clear();
    for (Arm arm : bench.arms().all()) {
      measurements.add(
          subject
              .measurement(Measurement.Kind.COLD_START, arm, bench.device())
              .voided(String.valueOf(reason)));
    }
  }

  private void removeAll() throws IOException {
    progress.accept("removal");
    for (Arm arm : List.copyOf(deployed)) {
      remove(arm);
    }
    bench.devices().slow().trim();
    bench.devices().fast().trim();
  }

  private void remove(Arm arm) throws IOException {
    deployed.remove(arm);
    try {
      bench.devices().slow().unlimited(() -> arm.remove(subject.reference()));
    } catch (IOException e) {
      if (!failed.contains(arm)) {
        throw e;
      }
      LOG.debug("a deployment that failed has left nothing", e);
    }
  }

  private static boolean isAllFast(Arm arm) {
    return arm.name().endsWith("-fast");
  }
}
