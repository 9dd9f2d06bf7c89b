package io.github.ndocker.registry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A containerd that keeps images and unpacks none, so that it mounts nothing. */
final class ContentStore implements AutoCloseable {
  private static final long START_SECONDS = 20;

  /** As it is imported. */
  private static final String IMAGE = "local/image:" + TinyImage.TAG;

  private final Path directory;
  private final Path socket;
  private final Process daemon;

  private ContentStore(Path directory, Process daemon) {
    this.directory = directory;
    this.socket = directory.resolve("sock");
    this.daemon = daemon;
  }

  static boolean isInstalled() {
    return DockerRegistry.isOnPath("containerd") && DockerRegistry.isOnPath("ctr");
  }

  static ContentStore start() throws IOException, InterruptedException {
    // a socket's path must be short
    Path directory = Files.createTempDirectory("ctr");
    Path config =
        Files.writeString(
            directory.resolve("config.toml"),
            String.join(
                "\n",
                "version = 2",
                "root = '" + directory.resolve("root") + "'",
                "state = '" + directory.resolve("state") + "'",
                "disabled_plugins = ['io.containerd.grpc.v1.cri', 'io.containerd.internal.v1.opt']",
                "[grpc]",
                "address = '" + directory.resolve("sock") + "'",
                ""));
    ContentStore store =
        new ContentStore(
            directory,
            new ProcessBuilder("containerd", "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start());
    try {
      store.awaitReady();
    } catch (IOException e) {
      store.close();
      throw e;
    }
    return store;
  }

  private void awaitReady() throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try {
        String unused = ctr("version");
        return;
      } catch (IOException e) {
        // not listening yet: the process gets a moment, or is found to have ended
        boolean ended = daemon.waitFor(20, TimeUnit.MILLISECONDS);
        if (ended || System.nanoTime() > end) {
          throw new IOException(Files.readString(directory.resolve("log")), e);
        }
      }
    }
  }

  /** Takes the only image of an OCI layout. */
  void load(Path layout) throws IOException, InterruptedException {
    Path archive = directory.resolve("layout.tar");
    String unused = run(List.of("tar", "-C", layout.toString(), "-cf", archive.toString(), "."));
    unused =
        ctr(
            "images",
            "import",
            "--no-unpack",
            "--all-platforms",
            "--base-name",
            IMAGE.substring(0, IMAGE.indexOf(':')),
            archive.toString());
  }

  /** Pushes that image by plain HTTP. */
  void push(String target, String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("images", "push", "--plain-http"));
    command.addAll(List.of(options));
    command.addAll(List.of(target, IMAGE));
    String unused = ctr(command.toArray(String[]::new));
  }

  private String ctr(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("ctr", "--address", socket.toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    DockerRegistry.end(daemon);
    DockerRegistry.delete(directory);
  }
}
