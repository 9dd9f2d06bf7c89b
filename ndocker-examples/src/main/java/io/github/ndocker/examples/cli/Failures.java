package io.github.ndocker.examples.cli;

import io.github.ndocker.api.NDockerException;
import java.io.IOException;
import java.util.Locale;
import picocli.CommandLine;

/** Says in one sentence what failed, and which exit code a script gets. */
public final class Failures implements CommandLine.IExecutionExceptionHandler {
  /** The operation failed. */
  static final int FAILED = 1;

  /** The command was not understood; picocli's own. */
  static final int USAGE = 2;

  /** The operation needs root (as sysexits.h has it: EX_NOPERM). */
  static final int NEEDS_ROOT = 77;

  /** A handler. */
  public Failures() {}

  @Override
  public int handleExecutionException(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) throws Exception {
    if (failure instanceof IllegalArgumentException) {
      commandLine.getErr().println("ndocker: " + failure.getMessage());
      return USAGE;
    }
    if (!(failure instanceof IOException)) {
      throw failure;
    }
    String message =
        failure instanceof NDockerException
            ? failure.getMessage()
            : failure.getClass().getSimpleName().replace("Exception", "").toLowerCase(Locale.ROOT)
                + ": "
                + failure.getMessage();
    commandLine.getErr().println("ndocker: " + message);
    return isPermission(failure) ? NEEDS_ROOT : FAILED;
  }

  private static boolean isPermission(Exception failure) {
    String text = String.valueOf(failure.getMessage());
    return failure instanceof java.nio.file.AccessDeniedException
        || text.contains("needs root")
        || text.contains("Operation not permitted")
        || text.contains("Permission denied");
  }
}
