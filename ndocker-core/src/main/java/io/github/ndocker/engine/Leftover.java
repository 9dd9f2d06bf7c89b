package io.github.ndocker.engine;

import java.io.Closeable;
import java.io.IOException;

/** What is open when something fails after it. */
final class Leftover {
  private Leftover() {}

  /** Closes it; if that fails too, the failure says so. */
  static void closeAfter(Exception failure, Closeable left) {
    try {
      left.close();
    } catch (IOException again) {
      failure.addSuppressed(again);
    }
  }
}
