package io.github.ndocker.evaluation;

import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceProfile;
import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.evaluation.report.EvaluationReport;
import io.github.ndocker.evaluation.report.Measurement;
import io.github.ndocker.evaluation.report.Results;
import io.github.ndocker.examples.cli.Failures;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Measures images in all arms, unit by unit, and writes {@code results.json} and a report. Run by
 * {@code scripts/evaluate}, which makes images, registry and network.
 */
@Command(name = "evaluation", mixinStandardHelpOptions = true)
public final class Evaluation implements Callable<Integer> {
  private static final int SOMETHING_DOES_NOT_COUNT = 1;

  @Option(
      names = "--network",
      required = true,
      description = "NAME=HOST:PORT@INTERFACE of the registry; images stay from the last one")
  private List<String> networks = List.of();

  @Option(names = "--cold-starts", required = true, description = "coldstart.json of make-images")
  private Path workloads = Path.of("");

  @Option(names = "--memory", required = true, description = "directory on tmpfs, for the devices")
  private Path memory = Path.of("");

  @Option(names = "--device", required = true, description = "profile of the slow device")
  private String profile = "";

  @Option(names = "--out", required = true, description = "directory for results and report")
  private Path out = Path.of("");

  @Option(names = "--commit", required = true, description = "what is measured")
  private String commit = "";

  @Option(
      names = "--deployments",
      defaultValue = "1",
      description = "over each network; 0 to measure starts only")
  private int deployments;

  @Option(names = "--starts", defaultValue = "3", description = "cold starts of each arm")
  private int starts;

  @Option(
      names = "--short-starts",
      defaultValue = "7",
      description = "the same of an arm that starts in less than a second, if that is more")
  private int shortStarts;

  @Option(names = "--other-starts", defaultValue = "1", description = "cold starts of other kinds")
  private int otherStarts;

  @Option(
      names = "--other-images",
      split = ",",
      description = "images of which starts of other kinds are measured; all unless given")
  private List<String> otherImages = List.of();

  @Option(
      names = "--together",
      split = ",",
      description = "numbers of containers that are started at once")
  private List<Integer> together = List.of();

  @Option(
      names = "--together-images",
      split = ",",
      description = "images of which several containers are started at once")
  private List<String> togetherImages = List.of();

  @Option(
      names = "--mixed-images",
      split = ",",
      description = "images of which one container each is started at once")
  private List<String> mixedImages = List.of();

  @Option(
      names = "--set-images",
      split = ",",
      description = "images that are stored in one engine, by category and all of them")
  private List<String> setImages = List.of();

  @Option(
      names = "--arms",
      split = ",",
      description = "what is compared; all but variants of n-docker unless given")
  private List<String> arms = List.of();

  @Option(names = "--stargz", description = "the daemon of stargz; without it that arm is left out")
  private @Nullable Path stargz;

  @Parameters(arity = "1..*", description = "names of images")
  private List<String> images = List.of();

  /**
   * Runs the evaluation.
   *
   * @param arguments the command line
   */
  public static void main(String... arguments) {
    System.exit(
        new CommandLine(new Evaluation())
            .setExecutionExceptionHandler(new Failures())
            .execute(arguments));
  }

  @Override
  public Integer call() throws IOException {
    DeviceProfile speed = DeviceProfile.named(profile);
    List<Network> ways = new ArrayList<>();
    for (String network : networks) {
      ways.add(Network.parse(network));
    }
    Set<String> registries = ways.stream().map(Network::registry).collect(Collectors.toSet());
    UnitFiles files = new UnitFiles(out.resolve("units"));
    try (Shutdown.Closed<Device> fast =
            Shutdown.open(() -> Device.emulated(memory, "fast", DeviceProfile.NONE));
        Shutdown.Closed<Device> slow = Shutdown.open(() -> Device.emulated(memory, "slow", speed));
        Shutdown.Closed<Arms> opened =
            Shutdown.open(
                () ->
                    Arms.open(
                        new ColdStart.Devices(slow.get(), fast.get()),
                        registries,
                        Optional.ofNullable(stargz),
                        Set.copyOf(arms)))) {
      Bench bench = new Bench(new ColdStart.Devices(slow.get(), fast.get()), opened.get(), ways);
      run(bench, files).measure(workloads(images), workloads(mixedImages), workloads(setImages));
    }
    Results results = report(files);
    boolean all =
        results.measurements().stream()
            .allMatch(measurement -> measurement.status() == Measurement.Status.MEASURED);
    System.out.println("Written: " + out.resolve("report.md") + " and results.json beside it");
    return all ? 0 : SOMETHING_DOES_NOT_COUNT;
  }

  private Results report(UnitFiles files) throws IOException {
    Results results = files.results();
    results.write(out.resolve("results.json"));
    new EvaluationReport(results).write(out);
    return results;
  }

  private Run run(Bench bench, UnitFiles files) throws IOException {
    return new Run(
        bench,
        files,
        new Surroundings(commit),
        new Effort(deployments, starts, shortStarts, otherStarts, together),
        otherImages,
        togetherImages,
        () -> report(files));
  }

  private List<Workload> workloads(List<String> names) throws IOException {
    List<Workload> named = new ArrayList<>();
    for (String name : names) {
      named.add(Workload.of(name, workloads));
    }
    return named;
  }
}
