package io.github.ndocker.evaluation;

import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.NDockerBuilder;
import io.github.ndocker.engine.Pipeline;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.ContainerdArm;
import io.github.ndocker.evaluation.arm.DownloadArm;
import io.github.ndocker.evaluation.arm.EngineArm;
import io.github.ndocker.evaluation.arm.EngineArm.Preparation;
import io.github.ndocker.evaluation.arm.OverlaySnapshotter;
import io.github.ndocker.evaluation.arm.StargzArm;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.placement.Lass;
import io.github.ndocker.placement.Pipelined;
import io.github.ndocker.registry.Credentials;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.registry.RegistryOptions;
import io.github.ndocker.store.FileTier;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** All that is compared, each with directories of its own on both devices. */
final class Arms implements Closeable {
  private static final long CAPACITY = 64L << 30;

  private final ColdStart.Devices devices;
  private final Set<String> registries;
  private final Set<String> wanted;
  private final Set<String> unknown;
  private final RegistryClient registry;
  private final List<Arm> all = new ArrayList<>();
  private final Set<Arm> lazy = new HashSet<>();
  private final Set<Arm> deployedOnly = new HashSet<>();
  private final Set<Arm> startedAlone = new HashSet<>();
  private final EngineArm allFast;
  private Optional<Arm> containerdFast = Optional.empty();

  private Arms(ColdStart.Devices devices, Set<String> registries, Set<String> wanted)
      throws IOException {
    this.devices = devices;
    this.registries = Set.copyOf(registries);
    this.wanted = Set.copyOf(wanted);
    this.unknown = new TreeSet<>(wanted);
    this.registry =
        new RegistryClient(
            RegistryOptions.defaults().withPlainHttp(registries), Credentials.anonymous());
    // the first: it says what the containers of an image run
    this.allFast = engine("all-fast", new AllFast(), Pipeline.SEQUENTIAL, Preparation.NONE);
  }

  /** Opens one of them. */
  @FunctionalInterface
  private interface Opening {
    Arm open() throws IOException;
  }

  /**
   * Opens them all, or none.
   *
   * @param devices what they store on
   * @param registries that are asked by plain HTTP
   * @param stargz the daemon of stargz, if that is compared too
   * @param wanted names of those that are compared; all if empty
   * @throws NDockerException if there is no arm of such a name
   */
  static Arms open(
      ColdStart.Devices devices, Set<String> registries, Optional<Path> stargz, Set<String> wanted)
      throws IOException {
    Arms arms = new Arms(devices, registries, wanted);
    try {
      arms.openOthers(stargz);
      return arms;
    } catch (IOException | RuntimeException e) {
      arms.close();
      throw e;
    }
  }

  private void openOthers(Optional<Path> stargz) throws IOException {
    add("all-fast", () -> allFast);
    add("containerd-slow", () -> containerd("containerd-slow", Tier.SLOW));
    containerdFast = add("containerd-fast", () -> containerd("containerd-fast", Tier.FAST));
    add("all-slow", () -> engine("all-slow", new AllSlow(), Pipeline.SEQUENTIAL, Preparation.NONE));
    if (stargz.isPresent()) {
      add("stargz", () -> new StargzArm(stargz.get(), devices, registry, registries))
          .ifPresent(lazy::add);
    }
    add(
        "n-docker-static",
        () ->
            engine(
                "n-docker-static", new Lass(), Pipeline.SEQUENTIAL, Preparation.STATIC_ANALYSIS));
    add(
        "n-docker",
        () -> engine("n-docker", new Lass(), Pipeline.SEQUENTIAL, Preparation.TRACE_AND_PROMOTE));
    // after a promotion they are what n-docker is: nothing to be learnt from their starts
    add("download", () -> new DownloadArm(registry)).ifPresent(deployedOnly::add);
    add("all-fast-streaming", () -> streaming("all-fast-streaming", new AllFast()))
        .ifPresent(deployedOnly::add);
    add("n-docker-pipelined", () -> streaming("n-docker-pipelined", new Pipelined()))
        .ifPresent(deployedOnly::add);
    // variants for who asks for them
    addIfNamed(
            "n-docker-files",
            () ->
                engine(
                    "n-docker-files",
                    Preparation.TRACE_AND_PROMOTE,
                    (fast, slow) -> hybrid(fast, slow).wholeFilesUpTo(Long.MAX_VALUE)))
        .ifPresent(startedAlone::add);
    addIfNamed(
            "n-docker-read-ahead",
            () ->
                engine(
                    "n-docker-read-ahead",
                    Preparation.TRACE_AND_PROMOTE,
                    (fast, slow) -> hybrid(fast, slow).readAheadOfPromoted(true)))
        .ifPresent(startedAlone::add);
    addIfNamed(
            "n-docker-predicted",
            () ->
                engine(
                    "n-docker-predicted", new Lass(), Pipeline.SEQUENTIAL, Preparation.PREDICTION))
        .ifPresent(startedAlone::add);
    addIfNamed(
        "n-docker-no-fast",
        () ->
            engine(
                "n-docker-no-fast",
                Preparation.TRACE_AND_PROMOTE,
                (fast, slow) ->
                    NDocker.builder(slow.resolve("state"), tier(slow))
                        .running(fast.resolve("running"))
                        .placement(new AllSlow())
                        .pipeline(Pipeline.SEQUENTIAL)));
    if (!unknown.isEmpty()) {
      throw new NDockerException("there is no arm " + String.join(", ", unknown));
    }
  }

  private Optional<Arm> addIfNamed(String name, Opening opening) throws IOException {
    return wanted.contains(name) ? add(name, opening) : Optional.empty();
  }

  private Optional<Arm> add(String name, Opening opening) throws IOException {
    unknown.remove(name);
    if (!wanted.isEmpty() && !wanted.contains(name)) {
      return Optional.empty();
    }
    Arm arm = opening.open();
    all.add(arm);
    return Optional.of(arm);
  }

  /** Those that deploy, the one that knows what to run first. */
  List<Arm> all() {
    return List.copyOf(all);
  }

  /** The one whose engine says what an image runs, whether it is compared or not. */
  EngineArm allFast() {
    return allFast;
  }

  /** Whether all that an arm stores is on the fast device. */
  boolean isAllFast(Arm arm) {
    return arm.equals(allFast) || arm.equals(containerdFast.orElse(null));
  }

  /** Whether an arm fetches what is read when it is read. */
  boolean isLazy(Arm arm) {
    return lazy.contains(arm);
  }

  /** Whether an arm's cold starts are measured; one that fetches at the start has none. */
  boolean startsCold(Arm arm) {
    return !isLazy(arm) && !deployedOnly.contains(arm);
  }

  /** Whether several containers of an arm are started at once; variants show nothing new there. */
  boolean startsManyAtOnce(Arm arm) {
    return startsCold(arm) && !startedAlone.contains(arm);
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    Set<Arm> open = new HashSet<>(all);
    open.add(allFast);
    for (Arm arm : open) {
      try {
        arm.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    all.clear();
    if (failure != null) {
      throw failure;
    }
  }

  private ContainerdArm containerd(String name, Tier tier) throws IOException {
    return new ContainerdArm(name, tier, devices, new OverlaySnapshotter(), registry);
  }

  private EngineArm streaming(String name, LayerPlacementPolicy policy) throws IOException {
    return engine(name, policy, Pipeline.STREAMING, Preparation.NONE);
  }

  private EngineArm engine(
      String name, LayerPlacementPolicy policy, Pipeline pipeline, Preparation preparation)
      throws IOException {
    return engine(
        name, preparation, (fast, slow) -> hybrid(fast, slow).placement(policy).pipeline(pipeline));
  }

  /** Options of an engine over two directories, one on each device. */
  @FunctionalInterface
  private interface Options {
    NDockerBuilder over(Path fast, Path slow) throws IOException;
  }

  private EngineArm engine(String name, Preparation preparation, Options options)
      throws IOException {
    Path fast = devices.fast().root().resolve(name);
    Path slow = devices.slow().root().resolve(name);
    return new EngineArm(
        name,
        fast,
        slow,
        writable ->
            options
                .over(fast, slow)
                .indexes(slow.resolve("index"))
                .writable(writable)
                .registry(registry)
                .open(),
        preparation);
  }

  /** As the paper has it, but for the options that follow. */
  private static NDockerBuilder hybrid(Path fast, Path slow) throws IOException {
    return NDocker.builder(fast.resolve("state"), tier(fast), tier(slow))
        .placement(new Lass())
        .pipeline(Pipeline.SEQUENTIAL);
  }

  private static FileTier tier(Path device) throws IOException {
    return FileTier.open(device.resolve("layers"), CAPACITY);
  }
}
