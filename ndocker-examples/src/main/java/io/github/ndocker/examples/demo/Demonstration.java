package io.github.ndocker.examples.demo;

import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.NDocker;
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
  private Path workloads = Path.of("");

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
      System.out.println("fast tier: " + allFast.engine().describe(Tier.FAST).medium());
      for (String image : images) {
        results.addAll(demonstrate(Workload.of(image, workloads), arms, allFast, device));
      }
    } finally {
      for (Arm arm : arms) {
        arm.close();
      }
    }
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
    List<Trial> trials = new ArrayList<>();
    for (Arm arm : arms) {
      trials.add(new Trial(arm, image, workload, device));
    }
    ContainerSpec spec = allFast.engine().containerSpec(image).withArguments(workload.arguments());
    for (Trial trial : trials) {
      trial.prepare(spec);
    }
    checkLimit(device, arms.get(0), image, spec);
    coldStarts(workload, trials, spec);
    long imageBytes = allFast.engine().inspect(image).imageBytes();
    List<Result> results = new ArrayList<>();
    for (Trial trial : trials) {
      results.add(trial.finish(imageBytes));
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
