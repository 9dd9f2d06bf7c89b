package io.github.ndocker.runtime;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.Platform;
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
 * An OCI runtime of the host: {@code crun} unless told otherwise, or {@code runc}. Thread-safe.
 *
 * <p>Under crun containers stay in the control group of this process: resource limits are the
 * host's business. That is so until a specification names a {@link ContainerSpec#cgroupsPath}.
 * Other runtimes cannot do without: they make a group of the container's name and remove it. A host
 * that mixes cgroup v1 and v2 is shown v2 only, so groups of v1, and their limits, stay those of
 * this process.
 */
public final class OciRuntime {
  private static final Path CGROUPS = Path.of("/sys/fs/cgroup");
  private static final String PID_FILE = "init.pid";
  private static final String CRUN = "crun";
  private static final int DELETE_SECONDS = 30;

  private final String program;
  private final Path state;
  private final boolean hideCgroups;
  private final CompiledFilters filters = new CompiledFilters();

  /**
   * Uses {@code crun} from the path.
   *
   * @param state a directory for the runtime's own records; made if missing
   * @throws IOException if the directory cannot be made or the mount table cannot be read
   */
  public OciRuntime(Path state) throws IOException {
    this(state, CRUN);
  }

  /**
   * Uses another runtime.
   *
   * @param state a directory for the runtime's own records, of no other runtime; made if missing
   * @param program {@code crun}, {@code runc}, or what has their command line: a name in the path,
   *     or an absolute path. One whose name begins with {@code crun} is taken for crun
   * @throws IOException if the directory cannot be made or the mount table cannot be read
   */
  public OciRuntime(Path state, String program) throws IOException {
    this.program = program;
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
    Path log = directory.resolve("output.log");
    Path pidFile = directory.resolve(PID_FILE);
    ContainerNetwork network = network(spec, pidFile);
    try {
      new OciBundle(withFilter(spec), root, id, network.path()).write(directory);
      ProcessBuilder builder =
          new ProcessBuilder(
                  command(
                      spec.cgroupsPath().isEmpty() ? "disabled" : "cgroupfs",
                      "run",
                      "--bundle",
                      directory.toString(),
                      "--pid-file",
                      pidFile.toString(),
                      id))
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      Process process = startProcess(builder);
      StopSignal signal = spec.process().stopSignal();
      return new Container(this::delete, name -> signal(name, signal), id, process, log, network);
    } catch (IOException | RuntimeException e) {
      network.close();
      throw e;
    }
  }

  /**
   * Removes bundle, volumes and log of a container that has ended.
   *
   * @param directory what {@link #start} was given; it stays, empty
   * @throws IOException if something cannot be deleted
   */
  public static void clear(Path directory) throws IOException {
    Files.deleteIfExists(directory.resolve("output.log"));
    Files.deleteIfExists(directory.resolve(PID_FILE));
    OciBundle.remove(directory);
  }

  /** Others than crun read the profile of the bundle, which is always there. */
  private ContainerSpec withFilter(ContainerSpec spec) throws IOException {
    return isCrun() ? filters.addTo(spec, Platform.host().architecture()) : spec;
  }

  private boolean isCrun() {
    return program.substring(program.lastIndexOf('/') + 1).startsWith(CRUN);
  }

  /** A user namespace has rights only over a network namespace that was made in it. */
  private static ContainerNetwork network(ContainerSpec spec, Path pidFile) throws IOException {
    return spec.idMappings().isEmpty()
        ? ContainerNetwork.of(NetworkNamespace.create())
        : ContainerNetwork.ofRuntime(pidFile);
  }

  /** Whether the runtime has sent it: not to a container that has not begun, or has ended. */
  private boolean signal(String id, StopSignal signal) throws IOException, InterruptedException {
    return run("kill", id, Integer.toString(signal.number())) == 0;
  }

  /** Ends a container, whatever its state, and removes what the runtime knows of it. */
  void delete(String id) throws IOException, InterruptedException {
    run("delete", "--force", id);
  }

  private int run(String... arguments) throws IOException, InterruptedException {
    Process process =
        startProcess(
            new ProcessBuilder(command("disabled", arguments))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD));
    try {
      if (!process.waitFor(DELETE_SECONDS, TimeUnit.SECONDS)) {
        throw new ContainerException(
            "'"
                + program
                + " "
                + String.join(" ", arguments)
                + "' did not end in "
                + DELETE_SECONDS
                + " s");
      }
      return process.exitValue();
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
    if (program.startsWith("/")) {
      return Files.isExecutable(Path.of(program));
    }
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

  private List<String> command(String cgroupManager, String... arguments) {
    List<String> command = new ArrayList<>();
    if (hideCgroups) {
      // crun refuses a host that mixes cgroup v1 and v2, even when it is to leave cgroups alone,
      // and
      // runc would make groups in all of them: show them v2 only
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
    command.addAll(List.of(program, "--root", state.toString()));
    if (isCrun()) {
      command.add("--cgroup-manager=" + cgroupManager);
    }
    command.addAll(List.of(arguments));
    return command;
  }

  private static boolean isUnifiedCgroupHost() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/mounts")).stream()
        .map(line -> line.split(" ", -1))
        .anyMatch(fields -> fields[1].equals(CGROUPS.toString()) && fields[2].equals("cgroup2"));
  }
}
