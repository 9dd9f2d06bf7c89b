package io.github.ndocker.prediction;

import java.io.IOException;

/** What the programs of one language or server read, beyond what their executables tell. */
interface EngineRule {
  /**
   * Whether this is one of them.
   *
   * @param program the name of its file, or of a link to it
   */
  boolean runs(String program);

  /** Adds what it reads in a start. */
  void predict(Launch launch, StartScan scan) throws IOException;
}
