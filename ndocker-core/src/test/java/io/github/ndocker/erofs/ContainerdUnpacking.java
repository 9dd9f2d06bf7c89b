package io.github.ndocker.erofs;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * A containerd of its own, whose native snapshotter unpacks every layer over a copy of what is
 * below it.
 */
final class ContainerdUnpacking implements Closeable {
  private final Path directory;
  private final Process daemon;

  private ContainerdUnpacking(Path directory, Process daemon) {
    this.directory = directory;
    this.daemon = daemon;
  }

  static ContainerdUnpacking start(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path configuration =
        Files.writeString(
            directory.resolve("config.toml"),
            """
            version = 2
            root = "%1$s/root"
            state = "%1$s/state"
            disabled_plugins = ["io.containerd.grpc.v1.cri"]
            [grpc]
            address = "%1$s/socket"
            """
                .formatted(directory));
    Process process =
        new ProcessBuilder("containerd", "--config", configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    ContainerdUnpacking containerd = new ContainerdUnpacking(directory, process);
    try {
      containerd.awaitAnswer();
      return containerd;
    } catch (IOException e) {
      containerd.close();
      throw e;
    }
  }

  private void awaitAnswer() throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (true) {
      try {
        String unused = ctr("version");
        return;
      } catch (IOException e) {
        if (!daemon.isAlive() || System.nanoTime() > deadline) {
          throw e;
        }
      }
    }
  }

  /** Unpacks the image of an archive, and mounts its layers on a directory until closed. */
  Closeable unpack(Path archive, String chainId, Path target) throws IOException {
    String imported = ctr("images", "import", archive.toString());
    if (!ctr("snapshots", "ls").contains(chainId)) {
      throw new IOException("containerd has not unpacked the image: " + imported);
    }
    // a view would not survive the garbage collector
    String active = "active-" + chainId;
    String unused = ctr("snapshots", "prepare", active, chainId);
    Files.createDirectories(target);
    Command.run("sh", "-c", ctr("snapshots", "mounts", target.toString(), active));
    return () -> Command.run("umount", target.toString());
  }

  private String ctr(String... arguments) throws IOException {
    String[] command = new String[arguments.length + 3];
    command[0] = "ctr";
    command[1] = "--address";
    command[2] = directory.resolve("socket").toString();
    System.arraycopy(arguments, 0, command, 3, arguments.length);
    return Command.run(command);
  }

  @Override
  public void close() throws IOException {
    daemon.destroy();
    try {
      int unused = daemon.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      daemon.destroyForcibly();
    }
  }
}
