package io.github.ndocker.engine;

import java.io.IOException;

/** Makes one thing right again. */
@FunctionalInterface
interface Repair {
  void run() throws IOException;
}
