package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.Promotion;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ndocker promote}. */
@Command(
    name = "promote",
    mixinStandardHelpOptions = true,
    description =
        "Brings what a traced start read to the fast tier, and all layers to the slow one.")
final class PromoteCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "the name it was traced under (default: ${DEFAULT-VALUE})")
  private String name = "";

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    try (NDocker engine = store.open()) {
      Promotion promotion = engine.promote(image.reference(), name);
      spec.commandLine()
          .getOut()
          .println(
              "hot pack of "
                  + ByteSize.format(promotion.packedBytes())
                  + " on the fast tier; "
                  + ByteSize.format(promotion.movedToSlow())
                  + " brushed back to the slow one");
    }
    return 0;
  }
}
