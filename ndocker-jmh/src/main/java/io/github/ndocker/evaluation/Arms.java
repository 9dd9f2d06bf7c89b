package io.github.ndocker.evaluation;

import io.github.ndocker.api.LayerPlacementPolicy;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.ContainerdArm;
import io.github.ndocker.evaluation.arm.EngineArm;
import io.github.ndocker.evaluation.arm.OverlaySnapshotter;
import io.github.ndocker.evaluation.arm.Snapshotter;
import io.github.ndocker.evaluation.arm.StargzArm;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.placement.AllSlow;
import io.github.ndocker.placement.Lass;
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

/** All that is compared, each with directories of its own on both devices. */
final class Arms implements Closeable {
  private static final long CAPACITY = 64L << 30;

  private final ColdStart.Devices devices;
  private final Set<String> registries;
  private final Optional<Path> stargz;
  private final RegistryClient registry;
  private final List<Arm> all = new ArrayList<>();
  private final Set<Arm> lazy = new HashSet<>();
  private final EngineArm allFast;
  private Optional<Arm> containerdFast = Optional.empty();

  private Arms(ColdStart.Devices devices, Set<String> registries, Optional<Path> stargz)
      throws IOException {
    this.devices = devices;
    this.registries = registries;
    this.stargz = stargz;
    this.registry =
        new RegistryClient(
            RegistryOptions.defaults().withPlainHttp(registries), Credentials.anonymous());
    // the first: it says what the containers of an image run
    this.allFast = engine("all-fast", new AllFast(), EngineArm.Preparation.NONE);
  }

  /**
   * Opens them all, or none.
   *
   * @param devices what they store on
   * @param registries that are asked by plain HTTP
   * @param stargz the daemon of stargz, if that is compared too
   */
  static Arms open(ColdStart.Devices devices, Set<String> registries, Optional<Path> stargz)
      throws IOException {
    Arms arms = new Arms(devices, Set.copyOf(registries), stargz);
    try {
      arms.openOthers();
      return arms;
    } catch (IOException | RuntimeException e) {
      arms.close();
      throw e;
    }
  }

  private void openOthers() throws IOException {
    all.add(containerd("containerd-slow", Tier.SLOW, new OverlaySnapshotter()));
    ContainerdArm fast = containerd("containerd-fast", Tier.FAST, new OverlaySnapshotter());
    all.add(fast);
    containerdFast = Optional.of(fast);
    engine("all-slow", new AllSlow(), EngineArm.Preparation.NONE);
    if (stargz.isPresent()) {
      StargzArm lazily = new StargzArm(stargz.get(), devices, registry, registries);
      all.add(lazily);
      lazy.add(lazily);
    }
    engine("n-docker-static", new Lass(), EngineArm.Preparation.STATIC_ANALYSIS);
    engine("n-docker", new Lass(), EngineArm.Preparation.TRACE_AND_PROMOTE);
  }

  /** Those that deploy, the one that knows what to run first. */
  List<Arm> all() {
    return List.copyOf(all);
  }

  /** The one whose engine says what an image runs. */
  EngineArm allFast() {
    return allFast;
  }

  /** Whether all that an arm stores is on the fast device. */
  boolean isAllFast(Arm arm) {
    return arm.equals(allFast) || arm.equals(containerdFast.orElse(null));
  }

  /** Whether an arm's cold starts are measured; one that fetches at the start has none. */
  boolean startsCold(Arm arm) {
    return !lazy.contains(arm);
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Arm arm : all) {
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

  private ContainerdArm containerd(String name, Tier tier, Snapshotter snapshotter)
      throws IOException {
    return new ContainerdArm(name, tier, devices, snapshotter, registry);
  }

  private EngineArm engine(
      String name, LayerPlacementPolicy policy, EngineArm.Preparation preparation)
      throws IOException {
    Path fast = devices.fast().root().resolve(name);
    Path slow = devices.slow().root().resolve(name);
    EngineArm arm =
        new EngineArm(
            name,
            fast,
            slow,
            writable ->
                NDocker.builder(
                        fast.resolve("state"),
                        FileTier.open(fast.resolve("layers"), CAPACITY),
                        FileTier.open(slow.resolve("layers"), CAPACITY))
                    .indexes(slow.resolve("index"))
                    .writable(writable)
                    .placement(policy)
                    .registry(registry)
                    .open(),
            preparation);
    all.add(arm);
    return arm;
  }
}
