package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ndocker profile show}. */
@Command(
    name = "show",
    aliases = "export",
    mixinStandardHelpOptions = true,
    description = "Writes a profile as a JSON document.")
final class ProfileShowCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();
  @Mixin private WorkloadName workload = new WorkloadName();

  @Option(names = "--output", paramLabel = "FILE", description = "a file, instead of the output")
  private @Nullable Path output;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (NDocker engine = store.open()) {
      String document = engine.exportProfile(image.reference(), workload.name());
      if (output == null) {
        spec.commandLine().getOut().print(document);
        spec.commandLine().getOut().flush();
      } else {
        Files.writeString(output, document);
      }
    }
    return 0;
  }
}
