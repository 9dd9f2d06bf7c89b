package io.github.ndocker.evaluation.demo;

import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.Pipeline;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.DeviceProbe;
import io.github.ndocker.evaluation.arm.EngineArm;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceProfile;
import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.evaluation.report.DeviceSpeed;
import io.github.ndocker.examples.cli.Failures;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.llpl.LlplTier;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.placement.Lass;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Deploys images from a registry in several ways, starts each cold several times, and reports the
 * times side by side. Run by {@code scripts/demo}, which makes images, registry and devices.
 */
@Command(name = "demonstration", mixinStandardHelpOptions = true)
public final class Demonstration implements Callable<Integer> {
  private static final long SLOW_CAPACITY = 64L << 30;
  private static final double PROBE_SECONDS = 2;

  @Option(names = "--registry", required = true, description = "host:port of a plain-HTTP registry")
  private String registry = "";

  @Option(names = "--cold-starts", required = true, description = "coldstart.json of make-images")
  private Path workloads = Path.of("");

  @Option(
      names = "--memory",
      required = true,
      description = "directory on tmpfs, for emulated devices and persistent-memory pools")
  private Path memory = Path.of("");

  @Option(
      names = "--disk",
      required = true,
      description = "directory on a disk, for the profile none: the disk as it is")
  private Path disk = Path.of("");

  @Option(names = "--pool-bytes", required = true, description = "budget of each tier of pools")
  private long poolBytes;

  @Option(names = "--device", required = true, description = "profile of the slow device")
  private String profile = "";

  @Option(names = "--runs", defaultValue = "7", description = "cold starts of each arm")
  private int runs;

  @Option(names = "--out", required = true, description = "directory for report.json and chart.png")
  private Path out = Path.of("");

  @Parameters(arity = "1..*", description = "names of images")
  private List<String> images = List.of();

  /**
   * Runs the demonstration.
   *
   * @param arguments the command line
   */
  public static void main(String... arguments) {
    System.exit(
        new CommandLine(new Demonstration())
            .setExecutionExceptionHandler(new Failures())
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    DeviceProfile speed = DeviceProfile.named(profile);
    try (Shutdown.Closed<Device> fast =
            Shutdown.open(() -> Device.emulated(memory, "fast", DeviceProfile.NONE));
        Shutdown.Closed<Device> slow =
            Shutdown.open(
                () ->
                    speed.isLimited()
                        ? Device.emulated(memory, "slow", speed)
                        : Device.existing(disk))) {
      report(demonstrate(new ColdStart.Devices(slow.get(), fast.get())));
    }
    return 0;
  }

  private List<Result> demonstrate(ColdStart.Devices devices) throws IOException {
    Path slow = devices.slow().root();
    Path fast = devices.fast().root();
    List<Result> results = new ArrayList<>();
    List<Arm> arms = new ArrayList<>();
    try {
      EngineArm allFast = engine("all-fast", new AllFast(), EngineArm.Preparation.NONE, devices);
      arms.add(new DirectoriesArm(slow.resolve("directories"), fast.resolve("directories")));
      arms.add(engine("all-slow", new AllSlow(), EngineArm.Preparation.NONE, devices));
      arms.add(allFast);
      arms.add(
          engine(
              "n-docker-before-promote",
              new Lass(),
              EngineArm.Preparation.STATIC_ANALYSIS,
              devices));
      arms.add(engine("n-docker", new Lass(), EngineArm.Preparation.TRACE_AND_PROMOTE, devices));
      System.out.println("fast tier: " + allFast.engine().describe(Tier.FAST).medium());
      for (String image : images) {
        results.addAll(demonstrate(Workload.of(image, workloads), arms, allFast, devices));
      }
    } finally {
      for (Arm arm : arms) {
        arm.close();
      }
    }
    return results;
  }

  private void report(List<Result> results) throws IOException {
    Files.createDirectories(out);
    Report report = new Report(results);
    report.writeJson(out.resolve("report.json"));
    report.print(System.out);
    report.writeChart(out.resolve("chart.png"));
    System.out.println();
    System.out.println(
        "cold starts include mounting; the page cache was dropped before each, and the");
    System.out.println(
        "writable layer was on the fast device in every arm. Written: "
            + out.resolve("report.json"));
    System.out.println("and " + out.resolve("chart.png"));
  }

  private EngineArm engine(
      String name,
      LayerPlacementPolicy policy,
      EngineArm.Preparation preparation,
      ColdStart.Devices devices)
      throws IOException {
    Path fast = devices.fast().root().resolve(name);
    Path slow = devices.slow().root().resolve(name);
    return new EngineArm(
        name,
        fast,
        slow,
        writable ->
            NDocker.builder(
                    fast.resolve("state"),
                    LlplTier.open(memory.resolve(name + "-pools"), poolBytes),
                    FileTier.open(slow.resolve("layers"), SLOW_CAPACITY))
                .indexes(slow.resolve("index"))
                .writable(writable)
                .placement(policy)
                .pipeline(Pipeline.SEQUENTIAL)
                .open(),
        preparation);
  }

  private List<Result> demonstrate(
      Workload workload, List<Arm> arms, EngineArm allFast, ColdStart.Devices devices)
      throws IOException {
    ImageReference image =
        ImageReference.parse(registry + "/library/" + workload.image() + ":latest");
    List<Trial> trials = new ArrayList<>();
    for (Arm arm : arms) {
      trials.add(new Trial(arm, image, workload, devices));
    }
    ContainerSpec spec = allFast.engine().containerSpec(image).withArguments(workload.arguments());
    for (Trial trial : trials) {
      trial.prepare(spec);
    }
    checkLimit(devices.slow(), arms.get(0), image, spec);
    coldStarts(workload, trials, spec);
    long imageBytes = allFast.engine().inspect(image).imageBytes();
    List<Result> results = new ArrayList<>();
    for (Trial trial : trials) {
      results.add(trial.finish(imageBytes));
    }
    return results;
  }

  private static void checkLimit(Device device, Arm arm, ImageReference image, ContainerSpec spec)
      throws IOException {
    if (!device.profile().isLimited()) {
      System.out.println("the slow device has no limit");
      return;
    }
    DeviceSpeed speed;
    try (DeviceProbe probe = new DeviceProbe(device, "slow", PROBE_SECONDS)) {
      speed =
          probe.check(
              probe.measure(arm.name(), probing -> arm.start(image, probing.containerIn(spec))));
    }
    System.out.printf(
        Locale.ROOT,
        "the emulated limit holds inside a container's cgroup: %.0f reads/s of %d, %.0f MB/s of %d%n",
        speed.readsPerSecond(),
        device.profile().readsPerSecond(),
        speed.readBytesPerSecond() / 1e6,
        device.profile().bytesPerSecond() / 1_000_000);
  }

  /** The arms take turns, so that what else happens on the machine meets all of them. */
  private void coldStarts(Workload workload, List<Trial> trials, ContainerSpec spec)
      throws IOException {
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(workload.image() + " cold starts")
            .setStyle(ProgressBarStyle.ASCII)
            .setInitialMax((long) runs * trials.size())
            .build()) {
      for (int run = 0; run < runs; run++) {
        for (Trial trial : trials) {
          bar.setExtraMessage(trial.arm().name());
          trial.coldStart(spec);
          bar.step();
        }
      }
    }
  }
}
