package io.github.ndocker.examples.demo;

import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.examples.cli.DeploymentBar;
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
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.jspecify.annotations.Nullable;
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

  @Option(names = "--registry", required = true, description = "host:port of a plain-HTTP registry")
  private String registry = "";

  @Option(names = "--cold-starts", required = true, description = "coldstart.json of make-images")
  private Path coldStarts = Path.of("");

  @Option(names = "--slow", required = true, description = "directory on the slow device")
  private Path slow = Path.of("");

  @Option(names = "--fast", required = true, description = "directory on the fast device")
  private Path fast = Path.of("");

  @Option(names = "--pools", required = true, description = "directory for persistent-memory pools")
  private Path pools = Path.of("");

  @Option(names = "--pool-bytes", required = true, description = "size of each pool")
  private long poolBytes;

  @Option(names = "--device", required = true, description = "profile of the slow device")
  private String profile = "";

  @Option(names = "--block", description = "name of the slow device under /sys/block")
  private @Nullable String block;

  @Option(names = "--runs", defaultValue = "5", description = "cold starts of each arm")
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
    System.exit(new CommandLine(new Demonstration()).execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    SlowDevice device = new SlowDevice(profile, Optional.ofNullable(block));
    List<Result> results = new ArrayList<>();
    List<Arm> arms = new ArrayList<>();
    try {
      EngineArm allFast = engine("all-fast", new AllFast(), EngineArm.Preparation.NONE);
      arms.add(new DirectoriesArm(slow.resolve("directories"), fast.resolve("directories")));
      arms.add(engine("all-slow", new AllSlow(), EngineArm.Preparation.NONE));
      arms.add(allFast);
      arms.add(
          engine("n-docker-before-promote", new Lass(), EngineArm.Preparation.STATIC_ANALYSIS));
      arms.add(engine("n-docker", new Lass(), EngineArm.Preparation.TRACE_AND_PROMOTE));
      System.out.println(
          "fast tier: " + allFast.engine().describe(io.github.ndocker.api.Tier.FAST).medium());
      for (String image : images) {
        results.addAll(demonstrate(Workload.of(image, coldStarts), arms, allFast, device));
      }
    } finally {
      for (Arm arm : arms) {
        arm.close();
      }
    }
    Files.createDirectories(out);
    Report report = new Report(results);
    report.writeJson(out.resolve("report.json"));
    report.writeChart(out.resolve("chart.png"));
    report.print(System.out);
    System.out.println();
    System.out.println(
        "cold starts include mounting; the page cache was dropped before each, and the");
    System.out.println(
        "writable layer was on the fast device in every arm. Written: "
            + out.resolve("report.json"));
    System.out.println("and " + out.resolve("chart.png"));
    return 0;
  }

  private EngineArm engine(
      String name, LayerPlacementPolicy policy, EngineArm.Preparation preparation)
      throws IOException {
    return new EngineArm(
        name,
        NDocker.builder(
                fast.resolve(name),
                LlplTier.open(pools.resolve(name + ".pool"), poolBytes),
                FileTier.open(slow.resolve(name).resolve("layers"), SLOW_CAPACITY))
            .indexes(slow.resolve(name).resolve("index"))
            .placement(policy)
            .open(),
        preparation);
  }

  private List<Result> demonstrate(
      Workload workload, List<Arm> arms, EngineArm allFast, SlowDevice device) throws IOException {
    ImageReference image =
        ImageReference.parse(registry + "/library/" + workload.image() + ":latest");
    Map<Arm, Deployed> deployed = new HashMap<>();
    Map<Arm, Long> fastDeployed = new HashMap<>();
    for (Arm arm : arms) {
      try (DeploymentBar bar = new DeploymentBar(workload.image() + " " + arm.name())) {
        deployed.put(arm, arm.deploy(image, bar));
      }
      fastDeployed.put(arm, arm.fastBytes(image));
    }
    ContainerSpec spec = allFast.engine().containerSpec(image).withArguments(workload.arguments());
    for (Arm arm : arms) {
      arm.prepare(image, workload, spec);
    }
    checkLimit(device, arms.get(0), image, spec);
    Map<Arm, List<ColdStart>> starts = start(workload, arms, image, spec, device);
    long imageBytes = deployed.get(allFast).imageBytes();
    List<Result> results = new ArrayList<>();
    for (Arm arm : arms) {
      results.add(
          Result.of(
              workload.image(),
              arm,
              device,
              imageBytes,
              deployed.get(arm),
              fastDeployed.get(arm),
              arm.fastBytes(image),
              starts.get(arm)));
      arm.remove(image);
    }
    return results;
  }

  private void checkLimit(SlowDevice device, Arm arm, ImageReference image, ContainerSpec spec)
      throws IOException {
    if (!device.isLimited()) {
      System.out.println("the slow device has no limit");
      return;
    }
    LimitProbe probe = new LimitProbe(device, slow);
    LimitProbe.Speed speed = probe.check(arm, image, spec);
    probe.remove();
    System.out.printf(
        Locale.ROOT,
        "the emulated limit holds inside a container's cgroup: %.0f reads/s of %d, %.0f MB/s of %d%n",
        speed.readsPerSecond(),
        device.limit().readsPerSecond(),
        speed.bytesPerSecond() / 1e6,
        device.limit().bytesPerSecond() / 1_000_000);
  }

  /** The arms take turns, so that what else happens on the machine meets all of them. */
  private Map<Arm, List<ColdStart>> start(
      Workload workload,
      List<Arm> arms,
      ImageReference image,
      ContainerSpec spec,
      SlowDevice device)
      throws IOException {
    Map<Arm, List<ColdStart>> starts = new HashMap<>();
    try (ProgressBar bar =
        new ProgressBarBuilder()
            .setTaskName(workload.image() + " cold starts")
            .setStyle(ProgressBarStyle.ASCII)
            .setInitialMax((long) runs * arms.size())
            .build()) {
      for (int run = 0; run < runs; run++) {
        for (Arm arm : arms) {
          bar.setExtraMessage(arm.name());
          starts
              .computeIfAbsent(arm, key -> new ArrayList<>())
              .add(ColdStart.measure(arm, image, workload, spec, device));
          bar.step();
        }
      }
    }
    return starts;
  }
}
