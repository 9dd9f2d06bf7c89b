package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.DeploymentListener;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a user would pick instead: containerd, with all it keeps on one device. Its containers are
 * started by the same runtime as the engine's, from the mounts that containerd names, so that only
 * storage differs; {@link #startByCtr} starts them as its users do.
 */
public final class ContainerdArm implements Arm {
  private static final String VIEW = "evaluated";
  private static final int ATTEMPTS = 3;

  private final String name;
  private final Device device;
  private final boolean onFast;
  private final Path fast;
  private final Snapshotter snapshotter;
  private final Containerd containerd;
  private final RegistryClient registry;
  private final OverlayStarts overlays;
  private final CtrStarts ctrStarts;
  private final Map<ImageReference, List<Path>> lower = new HashMap<>();
  private final Map<ImageReference, ResolvedImage> expected = new HashMap<>();
  private Path writable;

  /**
   * Starts containerd.
   *
   * @param name in the report, and of its directories
   * @param tier the device that holds its root directory
   * @param devices both; its state is always on the fast one
   * @param snapshotter how it keeps layers; closed with the arm, and by the caller if this fails
   * @param registry to look up what an image is
   */
  public ContainerdArm(
      String name,
      Tier tier,
      ColdStart.Devices devices,
      Snapshotter snapshotter,
      RegistryClient registry)
      throws IOException {
    this.name = name;
    this.onFast = tier == Tier.FAST;
    this.device = onFast ? devices.fast() : devices.slow();
    this.fast = Files.createDirectories(devices.fast().root().resolve(name));
    this.snapshotter = snapshotter;
    this.registry = registry;
    this.overlays = new OverlayStarts(this.fast);
    this.writable = writableOn(devices.fast());
    // the last: a process that nobody would end
    this.containerd =
        new Containerd(
            device.root().resolve(name).resolve("root"),
            this.fast.resolve("state"),
            snapshotter.configuration());
    this.ctrStarts = new CtrStarts(containerd, snapshotter.name(), this.fast, devices.slow());
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void requireEmpty() throws IOException {
    String images = containerd.ctr("images", "ls", "--quiet").strip();
    String layers = snapshots("ls").lines().skip(1).collect(Collectors.joining(" ")).strip();
    if (!images.isEmpty() || !layers.isEmpty()) {
      throw new NDockerException(name + " still has " + images + " " + layers);
    }
  }

  @Override
  public void expect(ImageReference image) throws IOException {
    expected.put(image, registry.resolve(snapshotter.served(image), Platform.host()));
  }

  @Override
  public Deployed deploy(ImageReference image, DeploymentListener listener) throws IOException {
    ImageReference pulled = snapshotter.served(image);
    ResolvedImage resolved = resolved(image);
    long start = System.nanoTime();
    HostCommand.run(snapshotter.pull(containerd, pulled));
    Duration ready = Duration.ofNanos(System.nanoTime() - start);
    lower.put(image, lowerDirectories(resolved));
    return new Deployed(resolved.layers().size(), Duration.ZERO, ready, 0);
  }

  @Override
  public void sync() throws IOException {
    device.sync();
  }

  @Override
  public void placeWritableLayers(Tier tier) throws IOException {
    writable = tier == Tier.FAST ? fast.resolve("writable") : writableOn(device);
  }

  @Override
  public Started start(ImageReference image, ContainerSpec spec) throws IOException {
    return overlays.start(directories(image), writable, spec);
  }

  /** Starts a container by {@code ctr run}, with its writable layer where containerd has it. */
  public Started startByCtr(ImageReference image, Workload workload) throws IOException {
    return ctrStarts.start(snapshotter.served(image), workload.arguments(), List.of());
  }

  /** The same for a program that measures a device. */
  public Started startByCtr(ImageReference image, DeviceProbe.Probing probing) throws IOException {
    return ctrStarts.start(snapshotter.served(image), probing.arguments(), List.of(probing.bind()));
  }

  @Override
  public long fastBytes(ImageReference image) throws IOException {
    if (!onFast) {
      return 0;
    }
    String usage =
        HostCommand.run(
            "du",
            "--summarize",
            "--block-size=1",
            device.root().resolve(name).resolve("root").toString());
    return Long.parseLong(usage.substring(0, usage.indexOf('\t')));
  }

  @Override
  public void remove(ImageReference image) throws IOException {
    containerd.ctr("images", "rm", "--sync", snapshotter.served(image).toString());
    lower.remove(image);
    expected.remove(image);
  }

  @Override
  public void close() throws IOException {
    try (snapshotter) {
      containerd.close();
    }
  }

  /** The directories that the mounts are made of, the topmost first. */
  static List<Path> lowerDirectories(String mounts) throws IOException {
    String[] words = mounts.strip().split("\\s+", -1);
    List<Path> directories = new ArrayList<>();
    for (int i = 0; i < words.length - 1; i++) {
      if (words[i].equals("-t") && words[i + 1].equals("bind")) {
        directories.add(Path.of(words[i + 2]));
      }
      if (words[i].equals("-o")) {
        for (String option : words[i + 1].split(",", -1)) {
          if (option.startsWith("lowerdir=")) {
            for (String path : option.substring("lowerdir=".length()).split(":", -1)) {
              directories.add(Path.of(path));
            }
          }
        }
      }
    }
    if (directories.isEmpty()) {
      throw new NDockerException("containerd names no directory to mount: " + mounts.strip());
    }
    return directories;
  }

  private List<Path> directories(ImageReference image) throws IOException {
    List<Path> directories = lower.get(image);
    if (directories == null) {
      throw notDeployed(image);
    }
    return directories;
  }

  private ResolvedImage resolved(ImageReference image) throws IOException {
    return Optional.ofNullable(expected.get(image)).orElseThrow(() -> notDeployed(image));
  }

  private NDockerException notDeployed(ImageReference image) {
    return new NDockerException(name + " has not pulled " + image);
  }

  private Path writableOn(Device target) throws IOException {
    return Files.createDirectories(target.root().resolve(name).resolve("writable"));
  }

  /**
   * Where containerd would mount the image from. Its garbage collection, which follows a pull, may
   * take the view that is asked about; the layers stay.
   */
  private List<Path> lowerDirectories(ResolvedImage image) throws IOException {
    for (int attempt = 1; ; attempt++) {
      snapshots("view", VIEW, image.chainId().toString());
      try {
        List<Path> directories = lowerDirectories(snapshots("mounts", "/target", VIEW));
        removeView();
        return directories;
      } catch (NDockerException e) {
        removeView();
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void removeView() throws IOException {
    try {
      snapshots("rm", VIEW);
    } catch (NDockerException e) {
      if (!String.valueOf(e.getMessage()).contains("does not exist")) {
        throw e;
      }
    }
  }

  private String snapshots(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(List.of("snapshots", "--snapshotter", snapshotter.name()));
    command.addAll(List.of(arguments));
    return containerd.ctr(command.toArray(String[]::new));
  }
}
