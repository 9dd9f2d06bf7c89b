package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ndocker profile merge}. */
@Command(
    name = "merge",
    mixinStandardHelpOptions = true,
    description = "Merges profiles of an image into one, for all of these workloads at once.")
final class ProfileMergeCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();
  @Mixin private WorkloadName into = new WorkloadName();

  @Parameters(index = "1..*", arity = "1..*", paramLabel = "NAME", description = "the workloads")
  private List<String> workloads = List.of();

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (NDocker engine = store.open()) {
      for (String workload : workloads) {
        // the name they are merged under may be one of theirs
        if (!workload.equals(into.name())) {
          String document = engine.exportProfile(image.reference(), workload);
          engine.importProfile(image.reference(), into.name(), document, false);
        }
      }
      spec.commandLine().getOut().println("merged into " + into.name());
    }
    return 0;
  }
}
