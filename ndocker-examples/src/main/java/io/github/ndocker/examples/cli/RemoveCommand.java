package io.github.ndocker.examples.cli;

import io.github.ndocker.engine.NDocker;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code ndocker remove}. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    description = "Removes an image and every blob that no other image needs.")
final class RemoveCommand implements Callable<Integer> {
  @Mixin private StoreOptions store = new StoreOptions();
  @Mixin private ImageOption image = new ImageOption();

  @Override
  public Integer call() throws IOException {
    try (NDocker engine = store.open()) {
      engine.remove(image.reference());
    }
    return 0;
  }
}
