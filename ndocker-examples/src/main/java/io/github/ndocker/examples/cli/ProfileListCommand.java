package io.github.ndocker.examples.cli;

import io.github.ndocker.api.Profile;
import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ndocker profile list}. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the profiles of an image.")
final class ProfileListCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (NDocker engine = store.open()) {
      for (Profile profile : engine.profiles(image.reference())) {
        out.println(
            profile.workload()
                + ": "
                + profile.runs()
                + " runs, "
                + profile.files().size()
                + " files, "
                + ByteSize.format(profile.bytes())
                + (profile.complete() ? "" : ", incomplete"));
      }
    }
    return 0;
  }
}
