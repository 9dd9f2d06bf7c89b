package io.github.ndocker.evaluation;

import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.EngineArm;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.evaluation.report.DeviceSpeed;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The units of a run, one after another: each image, and then each arm with several images at once.
 * What an earlier run has measured is kept, so a run can be stopped and goes on where it was.
 */
final class Run {
  private static final Logger LOG = LoggerFactory.getLogger(Run.class);

  /**
   * Deployments before anything is timed: the JVM has compiled what a deployment spends its time
   * on.
   */
  private static final int WARM_UPS = 3;

  private static final double FIXED_WEIGHT = 1e8;

  private final Bench bench;
  private final UnitFiles files;
  private final Surroundings surroundings;
  private final Effort effort;
  private final List<String> otherImages;
  private final List<String> togetherImages;
  private final AfterUnit afterUnit;
  private int imagesMeasured;

  Run(
      Bench bench,
      UnitFiles files,
      Surroundings surroundings,
      Effort effort,
      List<String> otherImages,
      List<String> togetherImages,
      AfterUnit afterUnit) {
    this.bench = bench;
    this.files = files;
    this.surroundings = surroundings;
    this.effort = effort;
    this.otherImages = List.copyOf(otherImages);
    this.togetherImages = List.copyOf(togetherImages);
    this.afterUnit = afterUnit;
  }

  /** What is done when the results of a unit are there: a run that is stopped has a report too. */
  @FunctionalInterface
  interface AfterUnit {
    void run() throws IOException;
  }

  /** What a unit measured. */
  private record Measured(List<DeviceSpeed> speeds, List<Measurement> measurements) {}

  /** A part of the run that is measured in one go, and in words what it is of besides its name. */
  private record Unit(
      String name, double weight, String of, MeasurementBuilder unmeasured, Work work) {}

  /** Measures a unit. */
  @FunctionalInterface
  private interface Work {
    Measured measure(Consumer<String> progress) throws IOException;
  }

  /**
   * Measures what is missing.
   *
   * @param images each by itself
   * @param mixed one container each at once; none if empty
   * @param sets stored in one engine, by category and all of them; none if empty
   */
  void measure(List<Workload> images, List<Workload> mixed, List<Workload> sets)
      throws IOException {
    String setting = setting();
    List<Unit> units = units(images, mixed, sets);
    Progress progress = new Progress(System.out, units.stream().mapToDouble(Unit::weight).sum());
    List<Unit> missing = new ArrayList<>();
    for (Unit unit : units) {
      Optional<UnitResult> before = files.find(unit.name());
      if (before.isPresent()
          && before.get().counts()
          && before.get().setting().equals(setting + unit.of())) {
        progress.had(unit.name(), unit.weight());
      } else {
        missing.add(unit);
      }
    }
    if (!missing.isEmpty() && !images.isEmpty()) {
      try {
        warmUp(images.get(0));
      } catch (IOException e) {
        LOG.warn("the JVM is not warm when measuring begins", e);
      }
    }
    for (Unit unit : missing) {
      progress.begin(unit.name());
      long start = System.nanoTime();
      Measured measured = measure(unit, progress);
      if (Shutdown.isEnding()) {
        // broken off: no result of the unit
        return;
      }
      files.put(
          new UnitResult(
              unit.name(),
              setting + unit.of(),
              files.nextOrder(),
              surroundings.facts((System.nanoTime() - start) / 1e9),
              measured.speeds(),
              measured.measurements()));
      afterUnit.run();
      progress.end(unit.weight());
    }
  }

  /** What has to be the same if earlier results are kept. */
  private String setting() throws IOException {
    return surroundings.facts(0).commits()
        + ", "
        + bench.device()
        + ", "
        + bench.networks().stream().map(Network::name).toList()
        + ", "
        + effort;
  }

  /** A unit that fails is recorded, and the others go on. */
  private Measured measure(Unit unit, Progress progress) {
    try {
      return unit.work().measure(progress::step);
    } catch (IOException e) {
      LOG.warn("{} failed", unit.name(), e);
      return new Measured(List.of(), List.of(unit.unmeasured().failed(e)));
    }
  }

  private List<Unit> units(List<Workload> images, List<Workload> mixed, List<Workload> sets)
      throws IOException {
    List<Unit> units = new ArrayList<>();
    List<Arm> all = bench.arms().all();
    for (int i = 0; i < images.size(); i++) {
      Workload image = images.get(i);
      units.add(
          new Unit(
              image.image(),
              weight(image),
              "",
              new MeasurementBuilder(Measurement.Kind.DEPLOYMENT, all.get(0).name(), bench.device())
                  .image(image.image(), image.category(), image.bytes(), 0),
              progress -> image(image, progress)));
    }
    if (!mixed.isEmpty()) {
      // not measured over every network, and started only together
      double weight = mixed.stream().mapToDouble(Run::weight).sum() / 8;
      for (Arm arm : all.stream().filter(bench.arms()::startsManyAtOnce).toList()) {
        units.add(
            new Unit(
                "images-at-once-" + arm.name(),
                weight,
                names(mixed),
                MixedTrial.measurement(arm, bench.device(), mixed.size()),
                progress ->
                    new Measured(
                        List.of(),
                        new MixedTrial(bench, mixed, progress).run(arm, effort.starts()))));
      }
    }
    if (!sets.isEmpty()) {
      double weight = sets.stream().mapToDouble(Run::weight).sum() / 8;
      for (Arm arm : all) {
        if (arm instanceof EngineArm engine && engine.choosesHotFiles()) {
          units.add(
              new Unit(
                  "images-in-one-engine-" + arm.name(),
                  weight,
                  names(sets),
                  ImageSetTrial.measurement(arm, bench.device(), ImageSetTrial.ALL, sets.size()),
                  progress ->
                      new Measured(
                          List.of(), new ImageSetTrial(bench, sets, progress).run(engine))));
        }
      }
    }
    return units;
  }

  /** Which images a unit of several is of. */
  private static String names(List<Workload> images) {
    return ", " + images.stream().map(Workload::image).toList();
  }

  /** The time that a unit takes grows with the image's bytes, and there is much that does not. */
  private static double weight(Workload image) {
    return image.bytes() + FIXED_WEIGHT;
  }

  private Measured image(Workload workload, Consumer<String> progress) throws IOException {
    ImageTrial trial = new ImageTrial(bench, workload, progress);
    // all of them before the first, on these devices, and then one for each image, in turn
    List<Arm> starting = bench.arms().all().stream().filter(bench.arms()::startsCold).toList();
    List<Arm> probed =
        imagesMeasured == 0 ? starting : List.of(starting.get(imagesMeasured % starting.size()));
    imagesMeasured++;
    Effort here =
        new Effort(
            effort.deployments(),
            effort.starts(),
            effort.shortStarts(),
            otherImages.isEmpty() || otherImages.contains(workload.image())
                ? effort.otherStarts()
                : 0,
            togetherImages.contains(workload.image()) ? effort.together() : List.of());
    trial.run(here, probed);
    return new Measured(trial.speeds(), trial.measurements());
  }

  private void warmUp(Workload workload) throws IOException {
    for (int i = 0; i < WARM_UPS; i++) {
      Subject subject = Subject.deployed(workload, bench);
      try {
        ColdStart.once(
            workload,
            () -> bench.arms().allFast().start(subject.reference(), subject.spec()),
            bench.devices());
      } finally {
        bench.arms().allFast().remove(subject.reference());
      }
    }
  }
}
