package io.github.ndocker.simulation;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Profile;
import io.github.ndocker.api.Tier;
import io.github.ndocker.budget.HotImage;
import io.github.ndocker.engine.BudgetReport;
import io.github.ndocker.engine.BudgetedImage;
import io.github.ndocker.engine.LayerPlace;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.NDockerBuilder;
import io.github.ndocker.engine.Pipeline;
import io.github.ndocker.engine.TraceEnd;
import io.github.ndocker.engine.TraceOptions;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.EngineArm;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.FileTier;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** An engine with real images, whose containers are really started, cold. For one thread. */
final class RealHost implements Closeable {
  private static final long CAPACITY = 64L << 30;
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  private final ColdStart.Devices devices;
  private final EngineArm arm;
  private final List<Started> images = new ArrayList<>();
  private Optional<Long> budget = Optional.empty();

  /** An image, and what is started of it. */
  private record Started(Workload workload, ImageReference reference, ContainerSpec spec) {}

  RealHost(ColdStart.Devices devices) throws IOException {
    this.devices = devices;
    Path fast = devices.fast().root().resolve("budget");
    Path slow = devices.slow().root().resolve("budget");
    this.arm =
        new EngineArm(
            "budget",
            fast,
            slow,
            writable -> {
              NDockerBuilder options =
                  NDocker.builder(fast.resolve("state"), tier(fast), tier(slow))
                      .indexes(slow.resolve("index"))
                      .writable(writable)
                      .placement(new AllSlow())
                      .pipeline(Pipeline.SEQUENTIAL);
              budget.ifPresent(options::hotBudget);
              return options.open();
            },
            EngineArm.Preparation.NONE);
  }

  private static FileTier tier(Path device) throws IOException {
    return FileTier.open(device.resolve("layers"), CAPACITY);
  }

  /** Deploys an image and traces a start of it. */
  void deploy(Workload workload, OciLayout layout) throws IOException {
    ImageReference reference = ImageReference.parse(workload.image());
    devices
        .slow()
        .unlimited(
            () -> {
              NDocker engine = arm.engine();
              engine.deploy(reference, layout, progress -> {});
              ContainerSpec spec = engine.containerSpec(reference, workload.arguments());
              Profile traced =
                  engine.trace(
                      reference,
                      workload.image(),
                      spec,
                      TraceOptions.until(TraceEnd.ready(workload.readiness()).within(TIMEOUT)));
              if (!traced.complete()) {
                throw new NDockerException("the trace of " + reference + " has gaps");
              }
              images.add(new Started(workload, reference, spec));
            });
  }

  int count() {
    return images.size();
  }

  String name(int image) {
    return images.get(image).workload().image();
  }

  /** Of the layers of all images, each once. */
  long bytes() throws IOException {
    Map<DiffId, Long> layers = new HashMap<>();
    for (Started image : images) {
      for (LayerPlace place : arm.engine().inspect(image.reference()).layers()) {
        layers.put(place.layer().diffId(), place.location().orElseThrow().length());
      }
    }
    return layers.values().stream().mapToLong(Long::longValue).sum();
  }

  /** A median of cold starts, in seconds. */
  double coldStart(int image, int starts) throws IOException {
    double[] seconds = new double[starts];
    for (int i = 0; i < starts; i++) {
      seconds[i] = coldStart(image);
    }
    Arrays.sort(seconds);
    return seconds[starts / 2];
  }

  /** Seconds until the container is ready, with nothing of any image in memory. */
  double coldStart(int number) throws IOException {
    Started image = images.get(number);
    ColdStart start =
        ColdStart.measure(
            arm, image.workload(), () -> arm.start(image.reference(), image.spec()), devices);
    if (!start.possible()) {
      throw new NDockerException("the slow device did not hold its limit");
    }
    return start.seconds();
  }

  void promote(int image) throws IOException {
    Started promoted = images.get(image);
    devices
        .slow()
        .unlimited(() -> arm.engine().promote(promoted.reference(), promoted.workload().image()));
  }

  void demote(int image) throws IOException {
    devices.slow().unlimited(() -> arm.engine().demote(images.get(image).reference()));
  }

  boolean isPromoted(int image) throws IOException {
    return !arm.engine().inspect(images.get(image).reference()).hotPacks().isEmpty();
  }

  void demoteAll() throws IOException {
    for (int image = 0; image < images.size(); image++) {
      if (isPromoted(image)) {
        demote(image);
      }
    }
    if (arm.engine().usage(Tier.FAST).blobs() > 0) {
      throw new NDockerException("no image is promoted, and the fast tier holds something");
    }
  }

  /** From now on starts are counted, and the fast tier is divided. */
  void divide(long bytes, double[] secondsSaved) throws IOException {
    budget = Optional.of(bytes);
    arm.placeWritableLayers(Tier.FAST);
    for (int image = 0; image < images.size(); image++) {
      arm.engine().hotBudget().savedSeconds(images.get(image).reference(), secondsSaved[image]);
    }
  }

  void balance() throws IOException {
    List<BudgetReport> reports = new ArrayList<>();
    devices.slow().unlimited(() -> reports.add(arm.engine().hotBudget().balance()));
    BudgetReport report = reports.get(0);
    if (!report.failures().isEmpty() || report.heldBytes() > report.budgetBytes()) {
      throw new NDockerException("a balance failed: " + report);
    }
  }

  /** The images as the engine sees them, in their order here. */
  List<HotImage> hotImages() throws IOException {
    Map<String, BudgetedImage> known = new HashMap<>();
    arm.engine().hotBudget().images().forEach(image -> known.put(image.reference(), image));
    List<HotImage> hot = new ArrayList<>();
    Set<ChainId> chains = new HashSet<>();
    for (Started started : images) {
      BudgetedImage image = known.get(started.reference().toString());
      if (image == null || !chains.add(image.chainId())) {
        throw new NDockerException(started.reference() + " has no layers of its own");
      }
      hot.add(new HotImage(image.chainId(), image.segments(), image.secondsSaved(), 0, false));
    }
    return hot;
  }

  @Override
  public void close() throws IOException {
    arm.close();
  }
}
