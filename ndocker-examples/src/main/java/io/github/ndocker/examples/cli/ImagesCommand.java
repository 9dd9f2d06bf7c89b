package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ndocker images}. */
@Command(
    name = "images",
    mixinStandardHelpOptions = true,
    description = "Lists the deployed images, one a line.")
final class ImagesCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (NDocker engine = store.open()) {
      engine.images().forEach(spec.commandLine().getOut()::println);
    }
    return 0;
  }
}
