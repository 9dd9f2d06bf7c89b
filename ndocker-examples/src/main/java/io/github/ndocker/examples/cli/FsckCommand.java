package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.CheckFinding;
import io.github.ndocker.engine.CheckOptions;
import io.github.ndocker.engine.CheckReport;
import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code ndocker fsck}. */
@Command(
    name = "fsck",
    mixinStandardHelpOptions = true,
    description =
        "Checks the store: every record against every blob. Ends with 1 if damage is left.")
final class FsckCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();

  @Option(names = "--deep", description = "read every byte, and compare every blob with its digest")
  private boolean deep;

  @Option(
      names = "--repair",
      description =
          "mend what is found: damaged and missing layers are fetched again, the rest is made of"
              + " what is there")
  private boolean repair;

  @Option(
      names = "--from",
      paramLabel = "PATH",
      description = "fetch layers from this OCI layout or archive instead of the registry")
  private @Nullable Path from;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    CheckReport report;
    try (NDocker engine = store.open(builder -> builder.rebuildDamagedCatalogue(repair))) {
      report = check(engine, new CheckOptions(deep, repair, Optional.empty()));
    }
    PrintWriter out = spec.commandLine().getOut();
    report.findings().forEach(finding -> out.println(line(finding)));
    out.println(
        report.blobs()
            + " blobs looked at"
            + (deep ? ", " + ByteSize.format(report.bytes()) + " read" : "")
            + ": "
            + (report.isSound() ? "sound" : "DAMAGED"));
    return report.isSound() ? 0 : 1;
  }

  private CheckReport check(NDocker engine, CheckOptions options) throws IOException {
    if (from == null) {
      return engine.check(options);
    }
    try (SourcePath source = SourcePath.open(from.toString(), store)) {
      return engine.check(options.from(source.source()));
    }
  }

  private static String line(CheckFinding finding) {
    return finding.kind().toString().toLowerCase(Locale.ROOT).replace('_', ' ')
        + ": "
        + finding.subject()
        + " "
        + finding.problem()
        + (finding.outcome() == CheckFinding.Outcome.MENDED ? " (mended)" : "");
  }
}
