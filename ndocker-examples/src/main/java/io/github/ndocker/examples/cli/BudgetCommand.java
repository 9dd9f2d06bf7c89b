package io.github.ndocker.examples.cli;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.engine.BudgetFailure;
import io.github.ndocker.engine.BudgetReport;
import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ndocker budget}: divides the fast tier among the hot packs of all images. */
@Command(
    name = "budget",
    mixinStandardHelpOptions = true,
    description =
        "Divides the fast tier among the hot packs of all images; needs --hot-budget, with which"
            + " all commands count starts.",
    synopsisSubcommandLabel = "COMMAND")
final class BudgetCommand {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Lists expected starts, seconds saved and bytes of each image.")
  int show(@Mixin StoreOptions store) throws IOException {
    try (NDocker engine = open(store)) {
      engine.hotBudget().images().forEach(out()::println);
      out()
          .println(
              ByteSize.format(engine.hotBudget().heldBytes())
                  + " of "
                  + ByteSize.format(engine.hotBudget().bytes()));
    }
    return 0;
  }

  @Command(
      name = "balance",
      mixinStandardHelpOptions = true,
      description = "Gives the fast tier to the images that save most for their bytes.")
  int balance(@Mixin StoreOptions store) throws IOException {
    try (NDocker engine = open(store)) {
      BudgetReport report = engine.hotBudget().balance();
      report.evicted().forEach(image -> out().println("evicted: " + image));
      report.admitted().forEach(image -> out().println("admitted: " + image));
      report.renewed().forEach(image -> out().println("renewed: " + image));
      for (BudgetFailure failure : report.failures()) {
        out().println("failed: " + failure.reference() + ": " + failure.reason().getMessage());
      }
      out()
          .println(
              ByteSize.format(report.heldBytes()) + " of " + ByteSize.format(report.budgetBytes()));
      return report.failures().isEmpty() ? 0 : Failures.FAILED;
    }
  }

  @Command(
      name = "pin",
      mixinStandardHelpOptions = true,
      description = "Has an image keep its hot packs whatever they are worth.")
  int pin(@Mixin StoreOptions store, @Mixin ImageOption image) throws IOException {
    try (NDocker engine = open(store)) {
      engine.hotBudget().pin(image.reference());
    }
    return 0;
  }

  @Command(name = "unpin", mixinStandardHelpOptions = true, description = "Takes back 'pin'.")
  int unpin(@Mixin StoreOptions store, @Mixin ImageOption image) throws IOException {
    try (NDocker engine = open(store)) {
      engine.hotBudget().unpin(image.reference());
    }
    return 0;
  }

  private static NDocker open(StoreOptions store) throws IOException {
    if (!store.hasHotBudget()) {
      throw new NDockerException(
          "there is no budget; set one for all commands with --hot-budget or NDOCKER_HOT_BUDGET");
    }
    return store.open();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
