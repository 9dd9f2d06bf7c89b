package io.github.ndocker.evaluation;

import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ContainerdArm;
import io.github.ndocker.evaluation.arm.DeviceProbe;
import io.github.ndocker.evaluation.arm.NoSpeedException;
import io.github.ndocker.evaluation.report.DeviceSpeed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the devices in containers of arms: crun's, which stay in the harness's control group,
 * and ctr's, which get groups of their own.
 */
final class SpeedTrial {
  private static final Logger LOG = LoggerFactory.getLogger(SpeedTrial.class);
  private static final double SECONDS = 2;

  private final Bench bench;
  private final Subject subject;

  SpeedTrial(Bench bench, Subject subject) {
    this.bench = bench;
    this.subject = subject;
  }

  /**
   * What the containers measure; of the fast device too, and by ctr, if these are several arms.
   *
   * @throws io.github.ndocker.evaluation.host.LimitNotHeldException if the limit does not hold
   */
  List<DeviceSpeed> measure(List<Arm> arms) throws IOException {
    List<DeviceSpeed> speeds = new ArrayList<>();
    try (DeviceProbe slow = new DeviceProbe(bench.devices().slow(), "slow", SECONDS);
        DeviceProbe fast = new DeviceProbe(bench.devices().fast(), "fast", SECONDS)) {
      for (Arm arm : arms) {
        DeviceProbe.Start crun =
            probing -> arm.start(subject.reference(), probing.containerIn(subject.spec()));
        speeds.add(slow.check(slow.measure(arm.name(), crun)));
        if (arms.size() > 1) {
          speeds.add(fast.measure(arm.name(), crun));
          if (arm instanceof ContainerdArm containerd) {
            speeds.add(
                slow.check(
                    slow.measure(
                        arm.name() + ", ctr",
                        probing -> containerd.startByCtr(subject.reference(), probing))));
          }
        }
      }
    } catch (NoSpeedException e) {
      // another image's turn; the reads of every cold start are watched all the same
      LOG.warn(
          "{}: the devices' speeds are not known: {}", subject.workload().image(), e.getMessage());
    }
    return speeds;
  }
}
