package io.github.ndocker.examples.demo;

import io.github.ndocker.examples.cli.DeploymentBar;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One image in one arm, from its deployment to its removal. */
final class Trial {
  private final Arm arm;
  private final ImageReference image;
  private final Workload workload;
  private final SlowDevice device;
  private final Deployed deployed;
  private final long fastBytesDeployed;
  private final List<ColdStart> starts = new ArrayList<>();

  /** Deploys the image. */
  Trial(Arm arm, ImageReference image, Workload workload, SlowDevice device) throws IOException {
    this.arm = arm;
    this.image = image;
    this.workload = workload;
    this.device = device;
    try (DeploymentBar bar = new DeploymentBar(workload.image() + " " + arm.name())) {
      this.deployed = arm.deploy(image, bar);
    }
    this.fastBytesDeployed = arm.fastBytes(image);
  }

  Arm arm() {
    return arm;
  }

  void prepare(ContainerSpec spec) throws IOException {
    arm.prepare(image, workload, spec);
  }

  void coldStart(ContainerSpec spec) throws IOException {
    starts.add(ColdStart.measure(arm, image, workload, spec, device));
  }

  /** Says what came out, and removes the image. */
  Result finish(long imageBytes) throws IOException {
    Result result =
        Result.of(
            workload.image(),
            arm,
            device,
            imageBytes,
            deployed,
            fastBytesDeployed,
            arm.fastBytes(image),
            starts);
    arm.remove(image);
    return result;
  }
}
