package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.HotMisses;
import io.github.ndocker.engine.MissedFile;
import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code ndocker misses}. */
@Command(
    name = "misses",
    mixinStandardHelpOptions = true,
    description = {
      "Counts what containers of a promoted image have read and no hot pack holds.",
      "It looks at what is mounted; 'refresh' counts what a traced start misses."
    })
final class MissesCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    try (NDocker engine = store.open()) {
      Optional<HotMisses> misses = engine.misses(image.reference());
      if (misses.isPresent()) {
        print(misses.get(), out);
      } else {
        out.println("nothing is mounted that would tell: start the image after it is promoted");
      }
    }
    return 0;
  }

  static void print(HotMisses misses, PrintWriter out) {
    out.printf(
        Locale.ROOT,
        "%s read, %.1f%% of it not from the slow tier; %s packed%s%n",
        ByteSize.format(misses.readBytes()),
        100 * misses.hitShare(),
        ByteSize.format(misses.packedBytes()),
        misses.isStale() ? ": stale" : "");
    if (misses.missedBytes() > 0) {
      out.println(
          ByteSize.format(misses.missedBytes())
              + " missed in "
              + misses.missedRanges()
              + " ranges of "
              + misses.missedFiles()
              + " files");
    }
    for (MissedFile file : misses.files()) {
      out.printf(
          Locale.ROOT, "%12d in %4d  %s%n", file.missedBytes(), file.missedRanges(), file.path());
    }
  }
}
