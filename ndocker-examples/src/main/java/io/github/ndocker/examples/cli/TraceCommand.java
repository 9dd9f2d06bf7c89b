package io.github.ndocker.examples.cli;

import io.github.ndocker.api.Profile;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.TracedStart;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ndocker trace}. */
@Command(
    name = "trace",
    mixinStandardHelpOptions = true,
    description = "Starts a container until it is ready, and keeps what it read as a profile.")
final class TraceCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private WorkloadOptions workload = new WorkloadOptions();

  @Option(
      names = "--until",
      paramLabel = "RULE",
      defaultValue = "exit",
      description =
          "when it is ready: exit, exit:TEXT, line:TEXT or tcp:PORT (default: ${DEFAULT-VALUE})")
  private String until = "";

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "a name for what is started (default: ${DEFAULT-VALUE})")
  private String name = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    ImageReference reference = workload.reference();
    // before anything is started
    Readiness readiness = Readiness.parse(until);
    try (NDocker engine = store.open();
        ClosedOnExit<TracedStart> start =
            new ClosedOnExit<>(engine.startTraced(reference, workload.spec(engine, reference)))) {
      Profile profile = start.get().finish(name, readiness, workload.timeout());
      spec.commandLine()
          .getOut()
          .println(
              profile.files().size()
                  + " files, "
                  + ByteSize.format(profile.bytes())
                  + " read"
                  + (profile.complete() ? "" : "; events were lost: trace again"));
    }
    return 0;
  }
}
