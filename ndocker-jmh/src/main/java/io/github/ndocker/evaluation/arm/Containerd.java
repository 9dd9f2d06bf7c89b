package io.github.ndocker.evaluation.arm;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.evaluation.host.HostCommand;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A containerd of our own: everything it keeps in one directory, its state and socket in another.
 * Closing ends it.
 */
public final class Containerd implements Closeable {
  private static final int START_SECONDS = 20;
  private static final int END_SECONDS = 20;
  private static final long POLL_MILLIS = 20;

  private final Path state;
  private final Process process;

  /**
   * Starts it and waits until it answers.
   *
   * @param root for content and snapshots
   * @param state for everything that need not survive
   * @param extra appended to its configuration
   */
  Containerd(Path root, Path state, String extra) throws IOException {
    this.state = Files.createDirectories(state);
    Path config = state.resolve("config.toml");
    Files.writeString(
        config,
        """
        version = 2
        root = "%s"
        state = "%s"
        disabled_plugins = [
          "io.containerd.grpc.v1.cri",
          "io.containerd.internal.v1.opt",
          "io.containerd.snapshotter.v1.aufs",
          "io.containerd.snapshotter.v1.btrfs",
          "io.containerd.snapshotter.v1.devmapper",
          "io.containerd.snapshotter.v1.zfs"
        ]
        [grpc]
        address = "%s"
        %s
        """
            .formatted(Files.createDirectories(root), state.resolve("run"), socket(), extra));
    this.process =
        new ProcessBuilder("containerd", "--config", config.toString())
            .redirectErrorStream(true)
            .redirectOutput(state.resolve("log").toFile())
            .start();
    awaitAnswer();
  }

  /** Runs {@code ctr} to its end and returns what it printed. */
  String ctr(String... arguments) throws IOException {
    return HostCommand.run(command("ctr", arguments));
  }

  /** A command line of a client. */
  public List<String> command(String client, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(client, "--address", socket().toString(), "--namespace", "default"));
    command.addAll(List.of(arguments));
    return command;
  }

  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private Path socket() {
    return state.resolve("socket");
  }

  private void awaitAnswer() throws IOException {
    long since = System.nanoTime();
    while (true) {
      try {
        ctr("version");
        return;
      } catch (IOException e) {
        boolean late = System.nanoTime() - since > TimeUnit.SECONDS.toNanos(START_SECONDS);
        if (late || !process.isAlive()) {
          close();
          throw new NDockerException(
              "containerd does not answer; its log: " + Files.readString(state.resolve("log")), e);
        }
        pause();
      }
    }
  }

  private void pause() throws IOException {
    try {
      process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      close();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while containerd started", e);
    }
  }
}
