package io.github.ndocker.runtime;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.image.ImageConfig;
import io.github.ndocker.rootfs.IdMapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What to run in a container, and with which rights. Immutable; made of an image's configuration
 * ({@link #ofImage}) and changed by {@code with…}.
 *
 * @param process the first process
 * @param files what it sees besides the image
 * @param security what it may do
 * @param hostname name of the host it sees; the container's own name if empty
 * @param idMappings users and groups of its user namespace; it has none if the list is empty. All
 *     directories above the root filesystem must be searchable by the mapped IDs then
 * @param exposedPorts such as {@code 80/tcp}: for the host to know, nothing is opened
 * @param annotations written to the bundle for runtime and host
 * @param cgroupsPath control group for the container, as the runtime reads it ({@code
 *     linux.cgroupsPath}); what {@link OciRuntime} does by itself if empty
 */
public record ContainerSpec(
    ContainerProcess process,
    ContainerFiles files,
    ContainerSecurity security,
    Optional<String> hostname,
    List<IdMapping> idMappings,
    List<String> exposedPorts,
    Map<String, String> annotations,
    Optional<String> cgroupsPath) {
  private static final int MAX_HOSTNAME = 64; // sethostname(2)

  /**
   * Checks the parts.
   *
   * @throws IllegalArgumentException if the host's name is longer than 64 or has other characters
   *     than letters, digits, points and hyphens, or the path of the control group is empty
   */
  public ContainerSpec {
    Objects.requireNonNull(process, "process");
    Objects.requireNonNull(files, "files");
    Objects.requireNonNull(security, "security");
    idMappings = List.copyOf(idMappings);
    exposedPorts = List.copyOf(exposedPorts);
    annotations = Map.copyOf(annotations);
    if (hostname.isPresent() && !hostname.get().matches("[A-Za-z0-9.-]{1," + MAX_HOSTNAME + "}")) {
      throw new IllegalArgumentException("host name '" + hostname.get() + "'");
    }
    if (cgroupsPath.isPresent()
        && (cgroupsPath.get().isBlank() || cgroupsPath.get().indexOf('\0') >= 0)) {
      throw new IllegalArgumentException("the path of a control group is empty, or has a NUL");
    }
  }

  /**
   * A program with the default rights.
   *
   * @param arguments the program and its arguments, at least the program
   * @param environment {@code NAME=value} strings
   * @param workingDirectory absolute path in the container
   * @param user {@code user[:group]}, by name or number; empty for root
   * @param binds what of the host the container sees
   * @throws IllegalArgumentException if there is no program or the directory is not absolute
   */
  public ContainerSpec(
      List<String> arguments,
      List<String> environment,
      String workingDirectory,
      String user,
      List<BindMount> binds) {
    this(
        new ContainerProcess(
            List.of(), arguments, environment, workingDirectory, user, List.of(), StopSignal.TERM),
        new ContainerFiles(false, binds, List.of(), List.of()),
        ContainerSecurity.DEFAULT,
        Optional.empty(),
        List.of(),
        List.of(),
        Map.of(),
        Optional.empty());
  }

  /**
   * What an image runs, as Docker reads its configuration.
   *
   * @param config the image's configuration
   * @param command instead of the image's own command; its entrypoint stays
   * @return the specification
   * @throws NDockerException if there is no program to run, or the configuration asks for what
   *     cannot be: the image is refused
   */
  public static ContainerSpec ofImage(ImageConfig config, List<String> command)
      throws NDockerException {
    try {
      return ImageDefaults.of(config, command);
    } catch (IllegalArgumentException e) {
      throw new NDockerException("the image cannot be run as it is: " + e.getMessage(), e);
    }
  }

  /**
   * The whole command line.
   *
   * @return at least a program
   */
  public List<String> arguments() {
    return process.arguments();
  }

  /**
   * The variables.
   *
   * @return {@code NAME=value} strings
   */
  public List<String> environment() {
    return process.environment();
  }

  /**
   * The same with another program: neither entrypoint nor command of the image.
   *
   * @param others the program and its arguments
   * @return a copy
   */
  public ContainerSpec withArguments(List<String> others) {
    return with(process.withLine(List.of(), others));
  }

  /**
   * The same with another command: the entrypoint stays.
   *
   * @param command what follows the entrypoint, or the program if there is none
   * @return a copy
   */
  public ContainerSpec withCommand(List<String> command) {
    return with(process.withLine(process.entrypoint(), command));
  }

  /**
   * The same with another entrypoint and no command, as {@code docker run --entrypoint} does.
   *
   * @param entrypoint the program and its first arguments
   * @return a copy
   */
  public ContainerSpec withEntrypoint(List<String> entrypoint) {
    return with(process.withLine(entrypoint, List.of()));
  }

  /**
   * The same with a variable more, or another value of it.
   *
   * @param name its name
   * @param value its value
   * @return a copy
   */
  public ContainerSpec withVariable(String name, String value) {
    List<String> variables = new ArrayList<>(process.environment());
    variables.removeIf(variable -> variable.startsWith(name + "="));
    variables.add(name + "=" + value);
    return withEnvironment(variables);
  }

  /**
   * The same with another environment.
   *
   * @param others {@code NAME=value} strings
   * @return a copy
   */
  public ContainerSpec withEnvironment(List<String> others) {
    return with(process.withEnvironment(others));
  }

  /**
   * The same in another directory.
   *
   * @param directory absolute path in the container
   * @return a copy
   */
  public ContainerSpec withWorkingDirectory(String directory) {
    return with(process.withWorkingDirectory(directory));
  }

  /**
   * The same as another user.
   *
   * @param user {@code user[:group]}, by name or number
   * @param additionalGroups names or numbers of groups, besides those of the user
   * @return a copy
   */
  public ContainerSpec withUser(String user, List<String> additionalGroups) {
    return with(process.withUser(user, additionalGroups));
  }

  /**
   * The same with another signal to stop it.
   *
   * @param signal the signal
   * @return a copy
   */
  public ContainerSpec withStopSignal(StopSignal signal) {
    return with(process.withStopSignal(signal));
  }

  /**
   * The same with another first process.
   *
   * @param other the process
   * @return a copy
   */
  public ContainerSpec with(ContainerProcess other) {
    return new ContainerSpec(
        other, files, security, hostname, idMappings, exposedPorts, annotations, cgroupsPath);
  }

  /**
   * The same with other mounts.
   *
   * @param other what it sees besides the image
   * @return a copy
   */
  public ContainerSpec with(ContainerFiles other) {
    return new ContainerSpec(
        process, other, security, hostname, idMappings, exposedPorts, annotations, cgroupsPath);
  }

  /**
   * The same with other rights.
   *
   * @param other what it may do
   * @return a copy
   */
  public ContainerSpec with(ContainerSecurity other) {
    return new ContainerSpec(
        process, files, other, hostname, idMappings, exposedPorts, annotations, cgroupsPath);
  }

  /**
   * The same with other bind mounts.
   *
   * @param others what of the host the container sees
   * @return a copy
   */
  public ContainerSpec withBinds(List<BindMount> others) {
    return with(new ContainerFiles(files.readOnlyRoot(), others, files.tmpfs(), files.volumes()));
  }

  /**
   * The same with other file systems in memory.
   *
   * @param others what it sees of them
   * @return a copy
   */
  public ContainerSpec withTmpfs(List<TmpfsMount> others) {
    return with(new ContainerFiles(files.readOnlyRoot(), files.binds(), others, files.volumes()));
  }

  /**
   * The same with other volumes.
   *
   * @param others absolute paths in the container
   * @return a copy
   */
  public ContainerSpec withVolumes(List<String> others) {
    return with(new ContainerFiles(files.readOnlyRoot(), files.binds(), files.tmpfs(), others));
  }

  /**
   * The same with a root filesystem that cannot be written to, or can.
   *
   * @param readOnly true if it cannot
   * @return a copy
   */
  public ContainerSpec withReadOnlyRoot(boolean readOnly) {
    return with(new ContainerFiles(readOnly, files.binds(), files.tmpfs(), files.volumes()));
  }

  /**
   * The same with another name of the host.
   *
   * @param name letters, digits, points and hyphens
   * @return a copy
   */
  public ContainerSpec withHostname(String name) {
    return new ContainerSpec(
        process,
        files,
        security,
        Optional.of(name),
        idMappings,
        exposedPorts,
        annotations,
        cgroupsPath);
  }

  /**
   * The same in a user namespace of its own, or in none.
   *
   * @param mappings its users and groups; empty for none
   * @return a copy
   */
  public ContainerSpec withIdMappings(List<IdMapping> mappings) {
    return new ContainerSpec(
        process, files, security, hostname, mappings, exposedPorts, annotations, cgroupsPath);
  }

  /**
   * The same with other annotations.
   *
   * @param others all of them
   * @return a copy
   */
  public ContainerSpec withAnnotations(Map<String, String> others) {
    return new ContainerSpec(
        process, files, security, hostname, idMappings, exposedPorts, others, cgroupsPath);
  }

  /**
   * The same in a control group of its own, in which the runtime also keeps it from devices.
   *
   * @param path as the runtime reads it
   * @return a copy
   */
  public ContainerSpec withCgroupsPath(String path) {
    return new ContainerSpec(
        process,
        files,
        security,
        hostname,
        idMappings,
        exposedPorts,
        annotations,
        Optional.of(path));
  }
}
