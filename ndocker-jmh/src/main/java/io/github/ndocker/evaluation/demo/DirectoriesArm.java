package io.github.ndocker.evaluation.demo;

import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.DeploymentListener;
import io.github.ndocker.evaluation.arm.Arm;
import io.github.ndocker.evaluation.arm.Deployed;
import io.github.ndocker.evaluation.arm.OverlayStarts;
import io.github.ndocker.evaluation.host.HostCommand;
import io.github.ndocker.examples.host.ParallelDownload;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What Docker does: layers unpacked to directories on the slow device, in the order of the chain,
 * stacked by overlayfs. The deployment ends when the directories are durable, for which Docker
 * itself does not wait.
 */
final class DirectoriesArm implements Arm {
  private final RegistryClient registry = new RegistryClient();
  private final Path slow;
  private final Path fast;
  private final OverlayStarts starts;
  private final List<Path> layers = new ArrayList<>();
  private Path writable;

  DirectoriesArm(Path slow, Path fast) throws IOException {
    this.slow = Files.createDirectories(slow);
    this.fast = Files.createDirectories(fast);
    this.starts = new OverlayStarts(fast);
    this.writable = fast.resolve("writable");
  }

  @Override
  public String name() {
    return "directories-slow";
  }

  @Override
  public Deployed deploy(ImageReference reference, DeploymentListener listener) throws IOException {
    long start = System.nanoTime();
    ResolvedImage image = registry.resolve(reference, Platform.host());
    Path spool = Files.createTempDirectory(fast, "spool-");
    Duration downloaded;
    try (ParallelDownload download =
        new ParallelDownload(
            image.layers(), (layer, file) -> fetch(reference, layer, file), spool)) {
      for (Layer layer : image.layers()) {
        Path file = download.await(layer.position());
        Path directory = Files.createDirectory(slow.resolve("l" + layer.position()));
        UnpackedLayer.unpack(file, directory, layers);
        layers.add(directory);
        Files.delete(file);
        listener.progressed(download.progress());
      }
      downloaded = Duration.ofNanos(download.lastByteNanos() - start);
    }
    Files.delete(spool);
    HostCommand.run("sync", "--file-system", slow.toString());
    Duration total = Duration.ofNanos(System.nanoTime() - start);
    return new Deployed(layers.size(), downloaded, total, 0);
  }

  @Override
  public void placeWritableLayers(Tier tier) {
    writable = (tier == Tier.FAST ? fast : slow).resolve("writable");
  }

  @Override
  public Started start(ImageReference reference, ContainerSpec spec) throws IOException {
    List<Path> lower = new ArrayList<>(layers);
    Collections.reverse(lower);
    return starts.start(lower, writable, spec);
  }

  @Override
  public long fastBytes(ImageReference image) {
    return 0;
  }

  @Override
  public void remove(ImageReference image) throws IOException {
    for (Path layer : layers) {
      HostCommand.run("rm", "-rf", "--one-file-system", layer.toString());
    }
    layers.clear();
  }

  @Override
  public void close() {}

  private void fetch(ImageReference reference, Layer layer, Path file) throws IOException {
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      registry.fetch(reference, layer, out, bytes -> {}, () -> false);
    }
  }
}
