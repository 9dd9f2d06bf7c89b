package io.github.ndocker.examples.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code ndocker}: deploys images to two tiers and starts containers from them. */
@Command(
    name = "ndocker",
    mixinStandardHelpOptions = true,
    version = "ndocker 0.1.0-SNAPSHOT",
    description =
        "Keeps the hot parts of container images on a fast medium and the rest on a slow one.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DeployCommand.class,
      RunCommand.class,
      TraceCommand.class,
      ProfileCommand.class,
      PromoteCommand.class,
      DemoteCommand.class,
      MissesCommand.class,
      RefreshCommand.class,
      BudgetCommand.class,
      ImagesCommand.class,
      InspectCommand.class,
      RemoveCommand.class,
      GcCommand.class,
      FsckCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      " 0:done",
      " 1:failed, with the reason in one sentence; 'run' ends with the container's own code",
      " 2:the command was not understood",
      "77:it needs root"
    })
public final class Main {
  private Main() {}

  /**
   * Runs one command and ends the JVM with its exit code.
   *
   * @param arguments the command line
   */
  public static void main(String... arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main()).setExecutionExceptionHandler(new Failures());
  }
}
