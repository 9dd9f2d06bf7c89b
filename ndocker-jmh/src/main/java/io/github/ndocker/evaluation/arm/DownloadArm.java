package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.Layer;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.DeploymentListener;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.image.Platform;
import io.github.ndocker.image.ResolvedImage;
import io.github.ndocker.registry.RegistryClient;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Downloads layers, three at once, checks their digests and throws them away: T_D of whoever does
 * nothing else. Nothing can be started from it.
 */
public final class DownloadArm implements Arm {
  private static final int PARALLEL_DOWNLOADS = 3;

  private final RegistryClient registry;

  /** Downloads by that client. */
  public DownloadArm(RegistryClient registry) {
    this.registry = registry;
  }

  @Override
  public String name() {
    return "download";
  }

  @Override
  public Deployed deploy(ImageReference image, DeploymentListener listener) throws IOException {
    long start = System.nanoTime();
    ResolvedImage resolved = registry.resolve(image, Platform.host());
    ExecutorService downloads = Executors.newFixedThreadPool(PARALLEL_DOWNLOADS);
    try {
      List<Future<Long>> layers = new ArrayList<>();
      for (Layer layer : resolved.layers()) {
        layers.add(downloads.submit(() -> download(image, layer)));
      }
      for (Future<Long> layer : layers) {
        long unused = layer.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while layers were downloaded", e);
    } catch (ExecutionException e) {
      throw new NDockerException("a download: " + e.getCause(), e);
    } finally {
      downloads.shutdownNow();
    }
    Duration all = Duration.ofNanos(System.nanoTime() - start);
    return new Deployed(resolved.layers().size(), all, all, 0);
  }

  private long download(ImageReference image, Layer layer) throws IOException {
    try (InputStream bytes = registry.open(image, layer, arrived -> {}, () -> false)) {
      return bytes.transferTo(OutputStream.nullOutputStream());
    }
  }

  @Override
  public boolean canStart() {
    return false;
  }

  @Override
  public void placeWritableLayers(Tier tier) {}

  @Override
  public Started start(ImageReference image, ContainerSpec spec) throws IOException {
    throw new NDockerException("nothing of " + image + " is there");
  }

  @Override
  public long fastBytes(ImageReference image) {
    return 0;
  }

  @Override
  public void remove(ImageReference image) {}

  @Override
  public void close() {}
}
