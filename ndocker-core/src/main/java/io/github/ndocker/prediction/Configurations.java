package io.github.ndocker.prediction;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Files that lie beside a program and are read with it. */
final class Configurations {
  private Configurations() {}

  /** Adds those of some names that are there. */
  static void beside(Located program, List<String> names, StartScan scan) throws IOException {
    for (String name : names) {
      Optional<Located> file = scan.view().file(name, program.directory());
      if (file.isPresent()) {
        scan.read(file.get(), Certainty.POSSIBLE);
      }
    }
  }
}
