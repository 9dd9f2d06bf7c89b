package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ndocker demote}. */
@Command(
    name = "demote",
    mixinStandardHelpOptions = true,
    description = "Gives up the hot pack of an image. Its layers stay where they are.")
final class DemoteCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (NDocker engine = store.open()) {
      boolean demoted = engine.demote(image.reference());
      spec.commandLine().getOut().println(demoted ? "demoted" : "it was not promoted");
    }
    return 0;
  }
}
