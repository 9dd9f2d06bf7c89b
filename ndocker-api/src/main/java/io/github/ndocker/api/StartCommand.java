package io.github.ndocker.api;

import java.util.List;
import java.util.Objects;

/**
 * What a container runs when it starts. Immutable.
 *
 * @param arguments the program and its arguments, entrypoint and command joined; may be empty
 * @param environment variables, each {@code NAME=value}
 * @param workingDirectory the directory it starts in; empty for the root directory
 */
public record StartCommand(
    List<String> arguments, List<String> environment, String workingDirectory) {
  /** Copies the lists. */
  public StartCommand {
    arguments = List.copyOf(arguments);
    environment = List.copyOf(environment);
    Objects.requireNonNull(workingDirectory, "workingDirectory");
  }
}
