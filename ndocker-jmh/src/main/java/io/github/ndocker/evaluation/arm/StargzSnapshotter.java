package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Layers that a daemon serves through FUSE and fetches when they are read. The registry has the
 * images converted to eStargz, under a path of their own. Closing ends the daemon, which unmounts
 * its layers.
 */
final class StargzSnapshotter implements Snapshotter {
  private static final int START_SECONDS = 10;
  private static final int END_SECONDS = 20;
  private static final long POLL_MILLIS = 10;

  private final Path root;
  private final Path socket;
  private final Process process;

  /**
   * Starts the daemon.
   *
   * @param daemon the program
   * @param root for what it fetches
   * @param state for its socket and its log
   * @param plainHttp registries, as references name them
   */
  StargzSnapshotter(Path daemon, Path root, Path state, Set<String> plainHttp) throws IOException {
    this.root = Files.createDirectories(root);
    this.socket = Files.createDirectories(state).resolve("socket");
    List<String> command =
        new ArrayList<>(
            List.of(daemon.toString(), "--root", root.toString(), "--address", socket.toString()));
    for (String registry : plainHttp) {
      command.addAll(List.of("--plain-http", registry));
    }
    Path log = state.resolve("log");
    this.process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    long since = System.nanoTime();
    while (!Files.exists(socket)) {
      boolean late = System.nanoTime() - since > TimeUnit.SECONDS.toNanos(START_SECONDS);
      if (late || awaitEnd(POLL_MILLIS)) {
        close();
        throw new NDockerException("stargz does not answer; its log: " + Files.readString(log));
      }
    }
  }

  @Override
  public String name() {
    return "stargz";
  }

  @Override
  public String configuration() {
    return """
        [proxy_plugins.stargz]
        type = "snapshot"
        address = "%s"
        """
        .formatted(socket);
  }

  @Override
  public ImageReference served(ImageReference image) throws IOException {
    return ImageReference.parse(image.toString().replace("/library/", "/estargz/"));
  }

  @Override
  public List<String> pull(Containerd containerd, ImageReference image) {
    return containerd.command(
        "ctr-remote", "images", "rpull", "--plain-http", "--snapshotter", name(), image.toString());
  }

  /** Layers that are mounted: one that cannot be pulled lazily is unpacked, without a word. */
  long mountedLayers() throws IOException {
    String below = " " + root + "/";
    return Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(line -> line.contains(below) && line.contains(" - fuse"))
        .count();
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    if (!awaitEnd(TimeUnit.SECONDS.toMillis(END_SECONDS))) {
      process.destroyForcibly();
    }
  }

  private boolean awaitEnd(long millis) throws IOException {
    try {
      return process.waitFor(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for stargz", e);
    }
  }
}
