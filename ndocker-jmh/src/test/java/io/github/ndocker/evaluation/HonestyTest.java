package io.github.ndocker.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.HotFileDetector;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.EngineArm;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceProfile;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.MeasurementBuilder;
import io.github.ndocker.hotfile.Hbcsa;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The harness cannot say that something is fast when it is not. */
class HonestyTest {
  private static final int STARTS = 3;
  private static final long CAPACITY = 8L << 30;

  @Test
  void anEmptyHotPackIsAsSlowAsNoHotPackAndAFullOneIsNot() throws Exception {
    try (EvaluationHost host = EvaluationHost.start("python");
        Device fast = host.device("fast", DeviceProfile.NONE);
        Device slow = host.device("slow", DeviceProfile.HDD)) {
      ColdStart.Devices devices = new ColdStart.Devices(slow, fast);
      HotFileDetector nothing = evidence -> new HotSet(List.of(), List.of());
      try (EngineArm allSlow = arm("all-slow", devices, new Hbcsa(), EngineArm.Preparation.NONE);
          EngineArm empty =
              arm("empty", devices, nothing, EngineArm.Preparation.TRACE_AND_PROMOTE);
          EngineArm full =
              arm("full", devices, new Hbcsa(), EngineArm.Preparation.TRACE_AND_PROMOTE)) {
        List<EngineArm> arms = List.of(allSlow, empty, full);
        double[] seconds = medians(arms, host.workload("python"), host.network(), devices);
        assertEquals(1, seconds[1] / seconds[0], 0.10, "an empty pack beside all-slow");
        assertTrue(seconds[2] < seconds[0] / 2, seconds[2] + " s, all-slow " + seconds[0] + " s");
      }
    }
  }

  @Test
  void nothingCountsThatWasMeasuredWithoutTheLimit() throws Exception {
    try (EvaluationHost host = EvaluationHost.start("debian");
        Device fast = host.device("fast", DeviceProfile.NONE);
        Device slow = host.device("slow", DeviceProfile.HDD)) {
      ColdStart.Devices devices = new ColdStart.Devices(slow, fast);
      try (Arms arms = Arms.open(devices, Set.of(host.registry()), Optional.empty(), Set.of())) {
        EvaluationHost.removeLimitInSecret(devices);
        Bench bench = new Bench(devices, arms, List.of(host.network()));
        ImageTrial trial = new ImageTrial(bench, host.workload("debian"), step -> {});
        trial.run(new Effort(1, 1, 1, 0, List.of()), arms.all());
        List<Measurement> measurements = trial.measurements();
        assertEquals(arms.all().size(), measurements.size(), measurements.toString());
        for (Measurement measurement : measurements) {
          assertEquals(Measurement.Status.VOID, measurement.status(), measurement.toString());
          assertTrue(String.valueOf(measurement.reason()).contains("limit"), measurement.reason());
        }
      }
    }
  }

  @Test
  void aColdStartThatReadsMoreThanTheLimitAllowsIsVoid() throws Exception {
    try (EvaluationHost host = EvaluationHost.start("python");
        Device fast = host.device("fast", DeviceProfile.NONE);
        Device slow = host.device("slow", DeviceProfile.HDD)) {
      ColdStart.Devices devices = new ColdStart.Devices(slow, fast);
      try (Arms arms = Arms.open(devices, Set.of(host.registry()), Optional.empty(), Set.of())) {
        Bench bench = new Bench(devices, arms, List.of(host.network()));
        Workload workload = host.workload("python");
        Arm allSlow = named("all-slow", arms);
        var reference = host.network().image("python");
        allSlow.deploy(reference, ignored -> {});
        Subject subject = Subject.of(workload, reference, (EngineArm) allSlow);
        StartTrials starts = new StartTrials(bench);
        assertEquals(
            Measurement.Status.MEASURED,
            starts.coldAndWarm(allSlow, subject, cold(subject, allSlow)).status());
        EvaluationHost.removeLimitInSecret(devices);
        Measurement measured = starts.coldAndWarm(allSlow, subject, cold(subject, allSlow));
        assertEquals(Measurement.Status.VOID, measured.status(), measured.toString());
        assertNotNull(measured.reason());
        assertFalse(String.valueOf(measured.reason()).isEmpty());
      }
    }
  }

  private static MeasurementBuilder cold(Subject subject, Arm arm) {
    return subject.measurement(Measurement.Kind.COLD_START, arm, "hdd");
  }

  private static EngineArm arm(
      String name,
      ColdStart.Devices devices,
      HotFileDetector detector,
      EngineArm.Preparation preparation)
      throws IOException {
    LayerPlacementPolicy policy = new AllSlow();
    Path fast = devices.fast().root().resolve(name);
    Path slow = devices.slow().root().resolve(name);
    return new EngineArm(
        name,
        fast,
        slow,
        writable ->
            NDocker.builder(
                    fast.resolve("state"),
                    FileTier.open(fast.resolve("layers"), CAPACITY),
                    FileTier.open(slow.resolve("layers"), CAPACITY))
                .writable(writable)
                .placement(policy)
                .detector(detector)
                .open(),
        preparation);
  }

  private static double[] medians(
      List<EngineArm> arms, Workload workload, Network network, ColdStart.Devices devices)
      throws IOException {
    var reference = network.image(workload.image());
    List<List<Double>> seconds = new ArrayList<>();
    List<Subject> subjects = new ArrayList<>();
    for (EngineArm arm : arms) {
      arm.deploy(reference, ignored -> {});
      Subject subject = Subject.of(workload, reference, arm);
      arm.prepare(reference, workload, subject.spec());
      subjects.add(subject);
      seconds.add(new ArrayList<>());
    }
    for (int rep = 0; rep < STARTS; rep++) {
      for (int i = 0; i < arms.size(); i++) {
        EngineArm arm = arms.get(i);
        Subject subject = subjects.get(i);
        ColdStart start =
            ColdStart.measure(arm, workload, () -> arm.start(reference, subject.spec()), devices);
        assertTrue(start.possible(), start.toString());
        seconds.get(i).add(start.seconds());
      }
    }
    return seconds.stream()
        .mapToDouble(all -> all.stream().sorted().toList().get(STARTS / 2))
        .toArray();
  }

  private static Arm named(String name, Arms arms) {
    return arms.all().stream().filter(arm -> arm.name().equals(name)).findFirst().orElseThrow();
  }
}
