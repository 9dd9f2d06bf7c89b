package io.github.ndocker.evaluation;

import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.Deployed;
import io.github.ndocker.evaluation.host.NetworkMeter;
import io.github.ndocker.evaluation.host.PageCache;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import java.io.IOException;

/** One deployment from nothing, and the first start of the image right after it. */
final class DeploymentTrial {
  private final Bench bench;

  DeploymentTrial(Bench bench) {
    this.bench = bench;
  }

  Measurement measure(Arm arm, Subject subject, Network network, MeasurementBuilder measurement)
      throws IOException {
    arm.requireEmpty();
    arm.expect(subject.reference());
    PageCache.drop();
    PageCache.bringBackStartingPrograms();
    Deployed deployed;
    double lastByte;
    try (NetworkMeter meter = new NetworkMeter(network.networkInterface())) {
      deployed = arm.deploy(subject.reference(), progress -> {});
      lastByte = meter.lastByte().toNanos() / 1e9;
    }
    double ready = deployed.ready().toNanos() / 1e9;
    if (!arm.canStart()) {
      return measurement.deployment(lastByte, ready, ready).measured();
    }
    // what a user waits for comes before what containerd leaves to the kernel
    ColdStart first =
        ColdStart.once(
            subject.workload(),
            () -> arm.start(subject.reference(), subject.spec()),
            bench.devices());
    long start = System.nanoTime();
    arm.sync();
    double sync = (System.nanoTime() - start) / 1e9;
    measurement.firstContainer(ready + first.seconds());
    if (!bench.arms().isLazy(arm)) {
      // what is fetched when it is read is not deployed yet
      measurement
          .deployment(lastByte, ready, ready + sync)
          .fastBytesDeployed(arm.fastBytes(subject.reference()), deployed.fastLayerBytes());
    }
    return first.possible() ? measurement.measured() : measurement.voided(StartTrials.IMPOSSIBLE);
  }
}
