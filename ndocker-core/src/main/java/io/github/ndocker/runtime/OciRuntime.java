package io.github.ndocker.runtime;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.linux.NetworkNamespace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An OCI runtime of the host, {@code crun} unless told otherwise. Thread-safe.
 *
 * <p>Containers stay in the control group of this process: resource limits are the host's business.
 */
public final class OciRuntime {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final int DELETE_SECONDS = 30;

  private final String program;
  private final Path state;
  private final boolean hideCgroups;

  /**
   * Uses {@code crun} from the path.
   *
   * @param state a directory for the runtime's own records; made if missing
   * @throws IOException if the directory cannot be made or the mount table cannot be read
   */
  public OciRuntime(Path state) throws IOException {
    this.program = "crun";
    this.state = Files.createDirectories(state);
    this.hideCgroups = !isUnifiedCgroupHost();
  }

  /**
   * Starts a container in a network namespace of its own.
   *
   * @param id a name that no other container of this state directory has
   * @param spec what to run
   * @param root the mounted root file system
   * @param directory an empty directory for bundle and log
   * @return the container, to be closed by the caller
   * @throws ContainerException if the runtime is missing
   * @throws IOException if bundle, namespace or process cannot be made
   */
  public Container start(String id, ContainerSpec spec, Path root, Path directory)
      throws IOException {
    requireProgram();
    NetworkNamespace network = NetworkNamespace.create();
    try {
      OciBundle.write(directory, root, spec, id, Optional.of(network.path()));
      Path log = directory.resolve("output.log");
      ProcessBuilder builder =
          new ProcessBuilder(command("run", "--bundle", directory.toString(), id))
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      return new Container(this::delete, id, startProcess(builder), log, network);
    } catch (IOException | RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /** Ends a container, whatever its state, and removes what the runtime knows of it. */
  void delete(String id) throws IOException, InterruptedException {
    Process process =
        startProcess(
            new ProcessBuilder(command("delete", "--force", id))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
    try {
      if (!process.waitFor(DELETE_SECONDS, TimeUnit.SECONDS)) {
        throw new ContainerException(
            "'" + program + " delete " + id + "' did not end in " + DELETE_SECONDS + " s");
      }
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Looks before anything is made: under {@code unshare} a missing runtime would look like a
   * container that failed.
   */
  private void requireProgram() throws ContainerException {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    if (!isOnPath(program, path)) {
      throw new ContainerException(
          "cannot run '"
              + program
              + "': it is in no directory of PATH ("
              + path
              + "); install the package "
              + program);
    }
  }

  static boolean isOnPath(String program, String path) {
    return Stream.of(path.split(File.pathSeparator, -1))
        .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
  }

  private Process startProcess(ProcessBuilder builder) throws NDockerException {
    try {
      return builder.start();
    } catch (IOException e) {
      throw new ContainerException(
          "cannot run '" + builder.command().get(0) + "': " + e.getMessage(), e);
    }
  }

  private List<String> command(String... arguments) {
    List<String> command = new ArrayList<>();
    if (hideCgroups) {
      // crun refuses a host that mixes cgroup v1 and v2, even when it is to leave cgroups alone:
      // show it v2 only
      command.addAll(
          List.of(
              "unshare",
              "--mount",
              "--propagation",
              "private",
              "sh",
              "-c",
              "mount -t cgroup2 none " + CGROUPS + " && exec \"$@\"",
              "sh"));
    }
    command.addAll(List.of(program, "--root", state.toString(), "--cgroup-manager=disabled"));
    command.addAll(List.of(arguments));
    return command;
  }

  private static boolean isUnifiedCgroupHost() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .map(line -> line.split(" ", -1))
        .anyMatch(fields -> fields[1].equals(CGROUPS.toString()) && fields[2].equals("cgroup2"));
  }
}
