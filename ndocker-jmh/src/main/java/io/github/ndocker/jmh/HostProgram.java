package io.github.ndocker.jmh;

import io.github.ndocker.evaluation.host.HostCommand;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A program of the system that something is compared with.
 *
 * @param name its name, which is looked for along the path
 * @param debianPackage what to install where it is missing
 */
record HostProgram(String name, String debianPackage) {
  /**
   * Says so if the program is not there.
   *
   * @return this
   */
  HostProgram required() throws IOException {
    for (String directory : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, name))) {
        return this;
      }
    }
    throw new IOException(
        name
            + " is not installed; install the Debian package "
            + debianPackage
            + " or leave this benchmark out");
  }

  /** Runs it to its end, which must be a good one. */
  void run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(name));
    command.addAll(List.of(arguments));
    HostCommand.run(command);
  }
}
