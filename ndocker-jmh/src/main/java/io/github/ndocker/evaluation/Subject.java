package io.github.ndocker.evaluation;

import io.github.ndocker.engine.Inspection;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.EngineArm;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;

/**
 * An image that is measured.
 *
 * @param workload what it runs, and when that is ready
 * @param reference as it was deployed last
 * @param spec what its containers run
 * @param bytes of its layers, uncompressed
 * @param layers their number
 */
record Subject(
    Workload workload, ImageReference reference, ContainerSpec spec, long bytes, int layers) {
  /** Asks the engine that has it. */
  static Subject of(Workload workload, ImageReference reference, EngineArm arm) throws IOException {
    Inspection inspection = arm.engine().inspect(reference);
    return new Subject(
        workload,
        reference,
        arm.engine().containerSpec(reference).withArguments(workload.arguments()),
        inspection.imageBytes(),
        inspection.layers().size());
  }

  /** Deploys an image to the arm that says what it runs; it has to be removed there. */
  static Subject deployed(Workload workload, Bench bench) throws IOException {
    EngineArm arm = bench.arms().allFast();
    ImageReference reference = bench.lastNetwork().image(workload.image());
    arm.deploy(reference, ignored -> {});
    try {
      return of(workload, reference, arm);
    } catch (IOException e) {
      arm.remove(reference);
      throw e;
    }
  }

  /** The same image from another network. */
  Subject at(ImageReference other) {
    return new Subject(workload, other, spec, bytes, layers);
  }

  MeasurementBuilder measurement(Measurement.Kind kind, Arm arm, String device) {
    return new MeasurementBuilder(kind, arm.name(), device)
        .image(workload.image(), workload.category(), bytes, layers);
  }
}
