package io.github.ndocker.examples.cli;

import io.github.ndocker.api.Profile;
import io.github.ndocker.api.ProfiledRun;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.TraceEnd;
import io.github.ndocker.engine.TraceOptions;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
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
    description = {
      "Starts a container until it is ready, and keeps what it touched as a profile.",
      "Earlier runs of the workload are kept too. Ctrl-C ends the trace and keeps it."
    })
final class TraceCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private WorkloadOptions workload = new WorkloadOptions();
  @Mixin private WorkloadName name = new WorkloadName();
  @Mixin private ReadinessRule until = new ReadinessRule();

  @Option(
      names = "--quiet",
      paramLabel = "MILLIS",
      description = "end too when no new file was opened for so long")
  private int quietMillis;

  @Option(names = "--replace", description = "forget earlier runs of the workload")
  private boolean replace;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    ImageReference reference = workload.reference();
    // before anything is started
    Readiness readiness = until.readiness();
    try (KeptOnExit exit = new KeptOnExit();
        NDocker engine = store.open()) {
      TraceEnd end = TraceEnd.ready(readiness).within(workload.timeout()).orSignal(exit.signal());
      TraceOptions options =
          TraceOptions.until(quietMillis > 0 ? end.orQuiet(Duration.ofMillis(quietMillis)) : end);
      Profile profile =
          engine.trace(
              reference,
              name.name(),
              workload.spec(engine, reference),
              replace ? options.withReplacing() : options);
      PrintWriter out = spec.commandLine().getOut();
      out.println(profile.files().size() + " files, " + ByteSize.format(profile.bytes()) + " read");
      for (ProfiledRun run : profile.ends()) {
        out.println("after " + run.millis() + " ms: " + run.words());
      }
      profile.gaps().forEach(gap -> out.println("incomplete: " + gap));
    }
    return 0;
  }
}
