package io.github.ndocker.evaluation.host;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Runs programs of the host. */
public final class HostCommand {
  private HostCommand() {}

  /**
   * Runs a program to its end and returns what it printed; an exception holds it if the program
   * failed.
   */
  public static String run(String... command) throws IOException {
    return run(List.of(command));
  }

  /** The same with a list. */
  public static String run(List<String> command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new NDockerException(
            "'"
                + String.join(" ", command)
                + "' ended with exit code "
                + process.exitValue()
                + ": "
                + output.strip());
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while '" + command.get(0) + "' ran", e);
    }
    return output;
  }
}
