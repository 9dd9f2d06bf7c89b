package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.ContainerSpec;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which image, what is started in it, and when it counts as ready. */
final class WorkloadOptions extends ImageOption {
  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "how long to wait until it is ready (default: ${DEFAULT-VALUE})")
  private int timeoutSeconds;

  @Parameters(
      index = "1..*",
      paramLabel = "ARG",
      description =
          "the program and its arguments, instead of those the image names; put -- before them")
  private @Nullable List<String> arguments;

  ContainerSpec spec(NDocker engine, ImageReference reference) throws IOException {
    return arguments == null
        ? engine.containerSpec(reference)
        : engine.containerSpec(reference, arguments);
  }

  Duration timeout() {
    return Duration.ofSeconds(timeoutSeconds);
  }
}
