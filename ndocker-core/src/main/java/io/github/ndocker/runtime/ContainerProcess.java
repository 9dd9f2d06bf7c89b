package io.github.ndocker.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The first process of a container. Immutable.
 *
 * @param entrypoint the program that is always run, and its first arguments; may be empty
 * @param command what follows it, or the program if the entrypoint is empty
 * @param environment {@code NAME=value} strings; of several with one name the last one counts. The
 *     writer of a bundle adds HOME and HOSTNAME if they are missing
 * @param workingDirectory absolute path in the container
 * @param user as an image's configuration writes it: {@code user}, {@code user:group}, {@code uid}
 *     or {@code uid:gid}; empty for root
 * @param additionalGroups names or numbers of groups, besides those of the user
 * @param stopSignal asks it to end
 */
public record ContainerProcess(
    List<String> entrypoint,
    List<String> command,
    List<String> environment,
    String workingDirectory,
    String user,
    List<String> additionalGroups,
    StopSignal stopSignal) {
  /** {@code MAX_ARG_STRLEN} of Linux has room for a NUL. */
  private static final int MAX_STRING_BYTES = (128 << 10) - 1;

  /** What a stack of 8 MiB, the usual limit, has room for ({@code execve(2)}). */
  private static final int MAX_BYTES = 2 << 20;

  private static final int POINTER_BYTES = 8;

  /**
   * Checks that there is something to run that Linux can run.
   *
   * @throws IllegalArgumentException if there is no program, the directory is not absolute, a
   *     variable has no name, a string has a NUL, or all of it is too long
   */
  public ContainerProcess {
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
    environment = List.copyOf(environment);
    additionalGroups = List.copyOf(additionalGroups);
    Objects.requireNonNull(stopSignal, "stopSignal");
    if (entrypoint.isEmpty() && command.isEmpty()) {
      throw new IllegalArgumentException("the image names no program to run; name one");
    }
    workingDirectory = ContainerPath.normalized("working directory", workingDirectory);
    for (String variable : environment) {
      if (variable.indexOf('=') < 1) {
        throw new IllegalArgumentException("variable '" + shown(variable) + "' is not NAME=value");
      }
    }
    long bytes = 0;
    for (List<String> strings :
        List.of(entrypoint, command, environment, additionalGroups, List.of(user))) {
      for (String text : strings) {
        int length = text.getBytes(UTF_8).length;
        if (text.indexOf('\0') >= 0 || length > MAX_STRING_BYTES) {
          throw new IllegalArgumentException(
              "'" + shown(text) + "' has a NUL or more than " + MAX_STRING_BYTES + " bytes");
        }
        bytes += length + 1 + POINTER_BYTES;
      }
    }
    if (bytes > MAX_BYTES) {
      throw new IllegalArgumentException(
          "arguments and environment take " + bytes + " bytes, more than " + MAX_BYTES);
    }
  }

  /**
   * The whole command line.
   *
   * @return entrypoint and command, at least a program
   */
  public List<String> arguments() {
    List<String> line = new ArrayList<>(entrypoint);
    line.addAll(command);
    return line;
  }

  ContainerProcess withLine(List<String> otherEntrypoint, List<String> otherCommand) {
    return new ContainerProcess(
        otherEntrypoint,
        otherCommand,
        environment,
        workingDirectory,
        user,
        additionalGroups,
        stopSignal);
  }

  ContainerProcess withEnvironment(List<String> others) {
    return new ContainerProcess(
        entrypoint, command, others, workingDirectory, user, additionalGroups, stopSignal);
  }

  ContainerProcess withWorkingDirectory(String other) {
    return new ContainerProcess(
        entrypoint, command, environment, other, user, additionalGroups, stopSignal);
  }

  ContainerProcess withUser(String other, List<String> groups) {
    return new ContainerProcess(
        entrypoint, command, environment, workingDirectory, other, groups, stopSignal);
  }

  ContainerProcess withStopSignal(StopSignal other) {
    return new ContainerProcess(
        entrypoint, command, environment, workingDirectory, user, additionalGroups, other);
  }

  private static String shown(String text) {
    return (text.length() > 100 ? text.substring(0, 100) + "..." : text).replace('\0', '?');
  }
}
