package io.github.ndocker.examples.cli;

import io.github.ndocker.api.NDockerException;
import io.github.ndocker.engine.NDocker;
import io.github.ndocker.engine.ProfileImport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code ndocker profile import}. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description = {
      "Takes in a profile: a JSON document, or a list of paths, one a line, with wildcards.",
      "Of a document of another image, what this image holds too is kept."
    })
final class ProfileImportCommand implements Callable<Integer> {
  /** Twice what a document may have. */
  private static final long MAX_BYTES = 128L << 20;

  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();
  @Mixin private WorkloadName workload = new WorkloadName();

  @Parameters(index = "1", paramLabel = "FILE", description = "the document or list")
  private Path file = Path.of("");

  @Option(names = "--replace", description = "forget what is known of the workload")
  private boolean replace;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new NDockerException(file + " is larger than any profile");
    }
    String text = Files.readString(file);
    try (NDocker engine = store.open()) {
      ProfileImport taken = engine.importProfile(image.reference(), workload.name(), text, replace);
      spec.commandLine()
          .getOut()
          .println(
              taken.keptFiles()
                  + " of "
                  + taken.files()
                  + " files kept, "
                  + ByteSize.format(taken.keptBytes())
                  + " of "
                  + ByteSize.format(taken.bytes())
                  + "; now "
                  + taken.profile().runs()
                  + " runs");
    }
    return 0;
  }
}
