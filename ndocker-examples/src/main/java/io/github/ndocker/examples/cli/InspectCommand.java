package io.github.ndocker.examples.cli;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.engine.HotFilePlace;
import io.github.ndocker.engine.Inspection;
import io.github.ndocker.engine.LayerPlace;
import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ndocker inspect}. */
@Command(
    name = "inspect",
    mixinStandardHelpOptions = true,
    description = "Says where each layer and hot file of an image lies, in bytes.")
final class InspectCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (NDocker engine = store.open()) {
      Inspection inspection = engine.inspect(image.reference());
      out.println("image     " + inspection.reference());
      out.println("manifest  " + inspection.manifestDigest());
      out.println("chain     " + inspection.chainId());
      out.println("bytes     " + inspection.imageBytes());
      out.println("fast      " + inspection.fastBytes());
      out.println("metadata  " + inspection.metadataBytes());
      for (LayerPlace place : inspection.layers()) {
        out.printf(
            Locale.ROOT,
            "layer %-3d %s%n",
            place.layer().position(),
            place.location().map(InspectCommand::describe).orElse("lost: deploy the image again"));
        out.println("          " + place.layer().diffId());
        place.hot().ifPresent(evidence -> out.println("          hot: " + evidence));
      }
      inspection.hotPacks().forEach(pack -> out.println("hot pack  " + describe(pack.location())));
      for (HotFilePlace file : inspection.hotFiles()) {
        out.printf(
            Locale.ROOT,
            "hot file  %s: %d of %d bytes packed%s%n",
            file.path(),
            file.packedBytes(),
            file.fileBytes(),
            file.ranges().stream()
                .map(range -> range.length() + " at " + range.offset())
                .collect(Collectors.joining(", ", file.ranges().isEmpty() ? "" : ": ", "")));
      }
    }
    return 0;
  }

  private static String describe(BlobLocation location) {
    return location.extents().stream()
        .map(InspectCommand::describe)
        .collect(Collectors.joining(System.lineSeparator() + "          "));
  }

  private static String describe(BlobExtent extent) {
    return String.format(
        Locale.ROOT,
        "%s %10d bytes at %d of %s",
        extent.tier().toString().toLowerCase(Locale.ROOT),
        extent.length(),
        extent.offset(),
        extent.file());
  }
}
