package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.DeploymentListener;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Lazily pulled eStargz images in containerd, for the time from pull to readiness. It keeps what it
 * has fetched, so every deployment gets a containerd and a daemon that know nothing.
 */
public final class StargzArm implements Arm {
  private static final String NAME = "stargz";

  /** A containerd with its daemon. */
  private record Opened(ContainerdArm arm, StargzSnapshotter snapshotter) {}

  private final Path daemon;
  private final ColdStart.Devices devices;
  private final RegistryClient registry;
  private final Set<String> plainHttp;
  private Optional<Opened> opened = Optional.empty();

  /**
   * Starts nothing yet.
   *
   * @param daemon the snapshotter's program
   * @param devices what it keeps is on the slow one, writable layers and state on the fast one
   * @param registry to look up what an image is
   * @param plainHttp registries, as references name them
   */
  public StargzArm(
      Path daemon, ColdStart.Devices devices, RegistryClient registry, Set<String> plainHttp) {
    this.daemon = daemon;
    this.devices = devices;
    this.registry = registry;
    this.plainHttp = Set.copyOf(plainHttp);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void expect(ImageReference image) throws IOException {
    close();
    StargzSnapshotter snapshotter =
        new StargzSnapshotter(
            daemon,
            devices.slow().root().resolve(NAME).resolve("layers"),
            devices.fast().root().resolve(NAME).resolve("daemon"),
            plainHttp);
    try {
      opened =
          Optional.of(
              new Opened(
                  new ContainerdArm(NAME, Tier.SLOW, devices, snapshotter, registry), snapshotter));
    } catch (IOException e) {
      snapshotter.close();
      throw e;
    }
    opened().arm().expect(image);
  }

  @Override
  public Deployed deploy(ImageReference image, DeploymentListener listener) throws IOException {
    Deployed deployed = opened().arm().deploy(image, listener);
    long mounted = opened().snapshotter().mountedLayers();
    if (mounted != deployed.layers()) {
      throw new NDockerException(
          "only " + mounted + " of " + deployed.layers() + " layers were pulled lazily");
    }
    return deployed;
  }

  @Override
  public void sync() throws IOException {
    opened().arm().sync();
  }

  @Override
  public void placeWritableLayers(Tier tier) throws IOException {
    if (opened.isPresent()) {
      opened.get().arm().placeWritableLayers(tier);
    }
  }

  @Override
  public Started start(ImageReference image, ContainerSpec spec) throws IOException {
    return opened().arm().start(image, spec);
  }

  @Override
  public long fastBytes(ImageReference image) {
    return 0;
  }

  @Override
  public void remove(ImageReference image) throws IOException {
    // it forgets all when it is closed
    close();
  }

  @Override
  public void close() throws IOException {
    Optional<Opened> closing = opened;
    opened = Optional.empty();
    if (closing.isPresent()) {
      closing.get().arm().close();
      for (Device device : List.of(devices.slow(), devices.fast())) {
        HostCommand.run("rm", "-rf", "--one-file-system", device.root().resolve(NAME).toString());
      }
    }
  }

  private Opened opened() throws NDockerException {
    return opened.orElseThrow(() -> new NDockerException(NAME + " has not been started"));
  }
}
