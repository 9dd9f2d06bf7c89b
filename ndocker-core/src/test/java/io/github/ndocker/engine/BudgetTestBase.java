package io.github.ndocker.engine;

import io.github.ndocker.erofs.LoopMount;
import io.github.ndocker.placement.AllSlow;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A host with a budget for hot packs, and images whose hot parts are all equally large. */
abstract class BudgetTestBase {
  static final long PART = TracedImage.HOT;

  @TempDir Path directory;
  Host host;

  @BeforeEach
  void host() {
    LoopMount.assumePossible();
    host = Host.in(directory);
  }

  /** With all layers on the slow tier. */
  NDocker open(long budgetBytes) throws IOException {
    return host.builder().placement(new AllSlow()).hotBudget(budgetBytes).open();
  }

  TracedImage image(String name, String... parts) throws IOException {
    return TracedImage.make(directory, name, parts);
  }
}
