package io.github.ndocker.runtime;

import java.util.List;
import java.util.Objects;

/**
 * What to run in a container. Immutable.
 *
 * @param arguments the program and its arguments, at least the program
 * @param environment {@code NAME=value} strings
 * @param workingDirectory absolute path in the container
 * @param user as an image's configuration writes it: {@code user}, {@code user:group}, {@code uid}
 *     or {@code uid:gid}; empty for root
 * @param binds what of the host the container sees
 */
public record ContainerSpec(
    List<String> arguments,
    List<String> environment,
    String workingDirectory,
    String user,
    List<BindMount> binds) {
  /**
   * Checks that there is something to run.
   *
   * @throws IllegalArgumentException if there is no program or the directory is not absolute
   */
  public ContainerSpec {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    binds = List.copyOf(binds);
    Objects.requireNonNull(user, "user");
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("the image names no program to run; name one");
    }
    if (!workingDirectory.startsWith("/")) {
      throw new IllegalArgumentException(
          "working directory " + workingDirectory + " is not absolute");
    }
  }

  /**
   * The same with another program.
   *
   * @param others the program and its arguments
   * @return a copy
   */
  public ContainerSpec withArguments(List<String> others) {
    return new ContainerSpec(others, environment, workingDirectory, user, binds);
  }

  /**
   * The same with other bind mounts.
   *
   * @param others what of the host the container sees
   * @return a copy
   */
  public ContainerSpec withBinds(List<BindMount> others) {
    return new ContainerSpec(arguments, environment, workingDirectory, user, others);
  }
}
