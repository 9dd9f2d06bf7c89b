package io.github.ndocker.evaluation;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.engine.LayerPlace;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.EngineArm;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import io.github.ndocker.image.ImageReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** What images take of the fast device when one engine has several: those of a category, or all. */
final class ImageSetTrial {
  static final String ALL = "all";

  private final Bench bench;
  private final List<Workload> workloads;
  private final Consumer<String> progress;

  ImageSetTrial(Bench bench, List<Workload> workloads, Consumer<String> progress) {
    this.bench = bench;
    this.workloads = List.copyOf(workloads);
    this.progress = progress;
  }

  /** Deploys and prepares each set, and removes it again. */
  List<Measurement> run(EngineArm arm) throws IOException {
    Map<String, List<Workload>> sets = new LinkedHashMap<>();
    for (Workload workload : workloads) {
      sets.computeIfAbsent(workload.category(), category -> new ArrayList<>()).add(workload);
    }
    sets.put(ALL, workloads);
    List<Measurement> measurements = new ArrayList<>();
    for (Map.Entry<String, List<Workload>> set : sets.entrySet()) {
      // bytes do not depend on how fast the device is
      bench
          .devices()
          .slow()
          .unlimited(() -> measurements.add(measure(arm, set.getKey(), set.getValue())));
    }
    return measurements;
  }

  static MeasurementBuilder measurement(Arm arm, String device, String category, int images) {
    return new MeasurementBuilder(Measurement.Kind.IMAGE_SET, arm.name(), device)
        .image(images + " images", category, 0, 0);
  }

  /** All of them: what follows begins with nothing. */
  private static void removeAll(EngineArm arm, List<ImageReference> images) throws IOException {
    IOException failure = null;
    for (ImageReference image : images) {
      try {
        arm.remove(image);
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private Measurement measure(EngineArm arm, String category, List<Workload> set)
      throws IOException {
    arm.requireEmpty();
    List<ImageReference> deployed = new ArrayList<>();
    MeasurementBuilder taken = measurement(arm, bench.device(), category, set.size());
    try {
      store(arm, category, set, deployed, taken);
    } catch (IOException e) {
      try {
        removeAll(arm, deployed);
      } catch (IOException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
    removeAll(arm, deployed);
    return taken.measured();
  }

  private void store(
      EngineArm arm,
      String category,
      List<Workload> set,
      List<ImageReference> deployed,
      MeasurementBuilder taken)
      throws IOException {
    Map<DiffId, Long> layers = new HashMap<>();
    for (Workload workload : set) {
      progress.accept("%s, with %s, %s".formatted(category, workload.image(), arm.name()));
      ImageReference reference = bench.lastNetwork().image(workload.image());
      arm.deploy(reference, ignored -> {});
      deployed.add(reference);
      arm.prepare(reference, workload, Subject.of(workload, reference, arm).spec());
      for (LayerPlace place : arm.engine().inspect(reference).layers()) {
        layers.put(place.layer().diffId(), place.location().orElseThrow().length());
      }
    }
    long bytes = layers.values().stream().mapToLong(Long::longValue).sum();
    taken
        .image(set.size() + " images", category, bytes, layers.size())
        .fastBytesSteady(arm.fastBytes(deployed));
  }
}
