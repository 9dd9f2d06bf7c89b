package io.github.ndocker.examples.cli;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.runtime.Readiness;
import picocli.CommandLine.Option;

/** Until when a start is traced. */
final class ReadinessRule {
  @Option(
      names = "--until",
      paramLabel = "RULE",
      defaultValue = "exit",
      description =
          "when it is ready: exit, exit:TEXT, line:TEXT or tcp:PORT (default: ${DEFAULT-VALUE})")
  private String until = "";

  Readiness readiness() throws NDockerException {
    return Readiness.parse(until);
  }
}
