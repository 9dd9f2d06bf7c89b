package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.PromotionOptions;
import io.github.ndocker.engine.Refresh;
import io.github.ndocker.engine.RefreshOptions;
import io.github.ndocker.engine.TraceEnd;
import io.github.ndocker.engine.TraceOptions;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.runtime.Readiness;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ndocker refresh}. */
@Command(
    name = "refresh",
    mixinStandardHelpOptions = true,
    description = {
      "Traces a start again if the profile is stale, and promotes the image by what that reads.",
      "Where a mount shows that little is missed, nothing is started.",
      "Ctrl-C ends the trace; what it has seen by then counts."
    })
final class RefreshCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private WorkloadOptions workload = new WorkloadOptions();
  @Mixin private ReadinessRule until = new ReadinessRule();
  @Mixin private WorkloadName name = new WorkloadName();
  @Mixin private RareReads rare = new RareReads();

  @Option(names = "--always", description = "also if it is not stale")
  private boolean always;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    ImageReference reference = workload.reference();
    // before anything is started
    Readiness readiness = until.readiness();
    PromotionOptions promotion = rare.options();
    try (KeptOnExit exit = new KeptOnExit();
        NDocker engine = store.open()) {
      TraceEnd end = TraceEnd.ready(readiness).within(workload.timeout()).orSignal(exit.signal());
      RefreshOptions options = RefreshOptions.by(TraceOptions.until(end)).withPromotion(promotion);
      Refresh refresh =
          engine.refresh(
              reference,
              name.name(),
              workload.spec(engine, reference),
              always ? options.withAlways() : options);
      PrintWriter out = spec.commandLine().getOut();
      MissesCommand.print(refresh.misses(), out);
      refresh.reasons().forEach(out::println);
      out.println(
          refresh
              .promotion()
              .map(PromoteCommand::describe)
              .orElse("the profile still says what is read"));
    }
    return 0;
  }
}
