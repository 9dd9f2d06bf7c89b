package io.github.ndocker.evaluation.demo;

import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.Deployed;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.host.LimitNotHeldException;
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
  private final ColdStart.Devices devices;
  private final Deployed deployed;
  private final long fastBytesDeployed;
  private final List<ColdStart> starts = new ArrayList<>();

  /** Deploys the image. */
  Trial(Arm arm, ImageReference image, Workload workload, ColdStart.Devices devices)
      throws IOException {
    this.arm = arm;
    this.image = image;
    this.workload = workload;
    this.devices = devices;
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
    ColdStart start = ColdStart.measure(arm, workload, () -> arm.start(image, spec), devices);
    if (!start.possible()) {
      throw new LimitNotHeldException(
          arm.name()
              + ": "
              + start
              + " is more than the slow device can do; the limit does not hold");
    }
    starts.add(start);
  }

  /** Says what came out, and removes the image. */
  Result finish(long imageBytes) throws IOException {
    Result result =
        Result.of(
            workload.image(),
            arm,
            devices.slow(),
            imageBytes,
            deployed,
            fastBytesDeployed,
            arm.fastBytes(image),
            starts);
    arm.remove(image);
    return result;
  }
}
