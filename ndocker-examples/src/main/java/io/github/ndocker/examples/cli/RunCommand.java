package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.RunningContainer;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.Container;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ndocker run}. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Starts a container, waits until it ends, and prints its output.")
final class RunCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private WorkloadOptions workload = new WorkloadOptions();

  @Option(
      names = "--until",
      paramLabel = "RULE",
      description = "end it as soon as it is ready: exit, exit:TEXT, line:TEXT or tcp:PORT")
  private @Nullable String until;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    ImageReference reference = workload.reference();
    // before anything is started
    Optional<Readiness> readiness =
        until == null ? Optional.empty() : Optional.of(Readiness.parse(until));
    try (NDocker engine = store.open();
        ClosedOnExit<RunningContainer> started =
            new ClosedOnExit<>(engine.start(reference, workload.spec(engine, reference)))) {
      Container container = started.get().container();
      int exitCode = 0;
      if (readiness.isEmpty()) {
        exitCode = container.awaitExit();
      } else {
        Duration ready = container.awaitReady(readiness.get(), workload.timeout());
        spec.commandLine()
            .getErr()
            .printf(Locale.ROOT, "ready after %.3f s%n", ready.toNanos() / 1e9);
      }
      spec.commandLine().getOut().print(container.output());
      spec.commandLine().getOut().flush();
      return exitCode;
    }
  }
}
