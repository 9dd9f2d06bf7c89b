package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.Promotion;
import io.github.ndocker.engine.PromotionOptions;
import java.io.IOException;
import java.util.List;
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
        "Brings what traced starts read to the fast tier, and all layers to the slow one.")
final class PromoteCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();

  @Option(
      names = "--workload",
      paramLabel = "NAME",
      defaultValue = "default",
      description =
          "a name that starts were traced under; several for all of them (default:"
              + " ${DEFAULT-VALUE})")
  private List<String> names = List.of();

  @Mixin private RareReads rare = new RareReads();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    PromotionOptions options = rare.options();
    try (NDocker engine = store.open()) {
      Promotion promotion = engine.promote(image.reference(), names, options);
      spec.commandLine().getOut().println(describe(promotion));
    }
    return 0;
  }

  static String describe(Promotion promotion) {
    return "hot pack of "
        + ByteSize.format(promotion.packedBytes())
        + " on the fast tier; "
        + ByteSize.format(promotion.movedToSlow())
        + " brushed back to the slow one";
  }
}
