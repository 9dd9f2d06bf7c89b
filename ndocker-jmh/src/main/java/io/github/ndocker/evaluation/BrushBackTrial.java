package io.github.ndocker.evaluation;

import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.LayerPlace;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.Pipeline;
import io.github.ndocker.engine.TraceEnd;
import io.github.ndocker.engine.TraceOptions;
import io.github.ndocker.evaluation.arm.ColdStart;
import io.github.ndocker.evaluation.arm.EngineArm;
import io.github.ndocker.evaluation.arm.Workload;
import io.github.ndocker.evaluation.host.Device;
import io.github.ndocker.evaluation.host.DeviceProfile;
import io.github.ndocker.evaluation.host.Shutdown;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.placement.AllFast;
import io.github.ndocker.runtime.ContainerSpec;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.store.FileTier;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * What a brush-back in the background costs a start: cold starts of a promoted image, each once
 * while nothing else happens and once while layers of another image move to the slow device.
 *
 * <p>Arguments: the directory of {@code make-images}, a directory on tmpfs, the profile of the slow
 * device, how many starts of each kind, the image whose layers move, and the images that are
 * started. Prints a line for each, with medians in milliseconds. Needs root.
 */
public final class BrushBackTrial {
  private static final long CAPACITY = 64L << 30;
  private static final Duration TIMEOUT = Duration.ofMinutes(3);

  /** So much has to be moved before a start begins. */
  private static final long MOVING_BYTES = 4L << 20;

  private static final long LOOK_NANOS = 1_000_000;

  private final ColdStart.Devices devices;
  private final EngineArm arm;
  private final OciLayout layout;
  private final Set<DiffId> moving = new LinkedHashSet<>();

  private BrushBackTrial(ColdStart.Devices devices, OciLayout layout) throws IOException {
    this.devices = devices;
    this.layout = layout;
    Path fast = devices.fast().root().resolve("brush-back");
    Path slow = devices.slow().root().resolve("brush-back");
    this.arm =
        new EngineArm(
            "brush-back",
            fast,
            slow,
            writable ->
                NDocker.builder(fast.resolve("state"), tier(fast), tier(slow))
                    .indexes(slow.resolve("index"))
                    .writable(writable)
                    .placement(new AllFast())
                    .pipeline(Pipeline.SEQUENTIAL)
                    .open(),
            EngineArm.Preparation.NONE);
  }

  private static FileTier tier(Path device) throws IOException {
    return FileTier.open(device.resolve("layers"), CAPACITY);
  }

  /**
   * Measures.
   *
   * @param arguments see above
   * @throws IOException if an image is not there or cannot be started, or a device loses its limit
   */
  public static void main(String... arguments) throws IOException {
    Path made = Path.of(arguments[0]);
    Path memory = Path.of(arguments[1]);
    DeviceProfile profile = DeviceProfile.named(arguments[2]);
    int starts = Integer.parseInt(arguments[3]);
    OciLayout layout = OciLayout.open(made.resolve("oci"));
    try (Shutdown.Closed<Device> fast =
            Shutdown.open(() -> Device.emulated(memory, "fast", DeviceProfile.NONE));
        Shutdown.Closed<Device> slow =
            Shutdown.open(() -> Device.emulated(memory, "slow", profile))) {
      BrushBackTrial trial =
          new BrushBackTrial(new ColdStart.Devices(slow.get(), fast.get()), layout);
      try (EngineArm opened = trial.arm) {
        trial.deployMoving(ImageReference.parse(arguments[4]));
        System.out.println("image alone beside ratio");
        for (String name : Arrays.asList(arguments).subList(5, arguments.length)) {
          trial.measure(Workload.of(name, made.resolve("coldstart.json")), starts);
        }
      }
    }
  }

  private void deployMoving(ImageReference image) throws IOException {
    arm.engine().deploy(image, layout, progress -> {});
    for (LayerPlace place : arm.engine().inspect(image).layers()) {
      moving.add(place.layer().diffId());
    }
  }

  private void measure(Workload workload, int starts) throws IOException {
    ImageReference image = ImageReference.parse(workload.image());
    NDocker engine = arm.engine();
    List<ContainerSpec> specs = new ArrayList<>();
    devices
        .slow()
        .unlimited(
            () -> {
              engine.deploy(image, layout, progress -> {});
              ContainerSpec spec = engine.containerSpec(image, workload.arguments());
              engine.trace(
                  image,
                  workload.image(),
                  spec,
                  TraceOptions.until(TraceEnd.ready(workload.readiness()).within(TIMEOUT)));
              engine.promote(image, workload.image());
              specs.add(spec);
            });
    // the layers that it shares are on the slow device already
    for (LayerPlace place : engine.inspect(image).layers()) {
      moving.remove(place.layer().diffId());
    }
    ColdStart.Start begin = () -> arm.start(image, specs.get(0));
    double[] alone = new double[starts];
    double[] beside = new double[starts];
    for (int start = 0; start < starts; start++) {
      alone[start] = ColdStart.measure(arm, workload, begin, devices).seconds();
      devices.slow().unlimited(this::bringBack);
      // before they are written anew, for what is being written is in memory
      ColdStart.forget(arm);
      requestMoves();
      awaitMoving();
      beside[start] = ColdStart.once(workload, begin, devices).seconds();
      cancelMoves();
    }
    engine.remove(image);
    Arrays.sort(alone);
    Arrays.sort(beside);
    System.out.printf(
        Locale.ROOT,
        "%s %.0f (%.0f-%.0f) %.0f (%.0f-%.0f) %.3f%n",
        workload.image(),
        1e3 * alone[starts / 2],
        1e3 * alone[0],
        1e3 * alone[starts - 1],
        1e3 * beside[starts / 2],
        1e3 * beside[0],
        1e3 * beside[starts - 1],
        beside[starts / 2] / alone[starts / 2]);
  }

  private void bringBack() throws IOException {
    for (DiffId layer : moving) {
      arm.engine().moves().request(layer.digest(), Tier.FAST, 0).join();
    }
  }

  private void requestMoves() throws IOException {
    for (DiffId layer : moving) {
      var unused = arm.engine().moves().request(layer.digest(), Tier.SLOW, 0);
    }
  }

  /** Until a copy is being written: none is while it stands aside for the start before. */
  private void awaitMoving() throws IOException {
    Path incoming = devices.slow().root().resolve("brush-back/layers/incoming");
    long since = System.nanoTime();
    while (bytesIn(incoming) < MOVING_BYTES) {
      if (arm.engine().moves().pending().isEmpty()
          || System.nanoTime() - since > TIMEOUT.toNanos()) {
        throw new NDockerException("no layer is being moved; take an image with larger ones");
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
  }

  private static long bytesIn(Path directory) throws IOException {
    long bytes = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        bytes += Files.size(file);
      }
    }
    return bytes;
  }

  private void cancelMoves() throws IOException {
    for (DiffId layer : moving) {
      arm.engine().moves().cancel(layer.digest());
    }
  }
}
