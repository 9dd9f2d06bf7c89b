package io.github.ndocker.examples.cli;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.engine.PromotionOptions;
import picocli.CommandLine.Option;

/** What is not packed although a start has read it. */
final class RareReads {
  @Option(
      names = "--min-share",
      paramLabel = "SHARE",
      defaultValue = "0",
      description =
          "leave out what a smaller share of a workload's runs has read, from 0 to 1 (default:"
              + " ${DEFAULT-VALUE})")
  private double share;

  PromotionOptions options() throws NDockerException {
    if (!(share >= 0 && share <= 1)) {
      throw new NDockerException(share + " is no share of the runs: 0 is all, 1 is every run");
    }
    return PromotionOptions.DEFAULT.withMinShareOfRuns(share);
  }
}
