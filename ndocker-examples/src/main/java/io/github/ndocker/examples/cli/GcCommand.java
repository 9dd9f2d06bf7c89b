package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ndocker gc}. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description = "Deletes every blob that no image and no mount needs.")
final class GcCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (NDocker engine = store.open()) {
      spec.commandLine().getOut().println(ByteSize.format(engine.gc()) + " freed");
    }
    return 0;
  }
}
