package io.github.ndocker.examples.cli;

import picocli.CommandLine.Option;

/** The name of a workload. */
final class WorkloadName {
  @Option(
      names = "--workload",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "the name of the profile (default: ${DEFAULT-VALUE})")
  private String name = "";

  String name() {
    return name;
  }
}
