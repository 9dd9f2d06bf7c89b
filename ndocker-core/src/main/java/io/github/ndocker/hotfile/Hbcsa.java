package io.github.ndocker.hotfile;

import io.github.ndocker.api.HotFileDetector;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.ImageEvidence;
import java.io.IOException;

/**
 * The hot files of an image as the paper finds them (HBCSA): from the history until there is a
 * trace, from the trace as soon as there is one.
 */
public final class Hbcsa implements HotFileDetector {
  private final HotFileDetector staticAnalysis = new StaticAnalysis();
  private final HotFileDetector dynamicAnalysis = new DynamicAnalysis();

  /** The two analyses of this package. */
  public Hbcsa() {}

  @Override
  public HotSet detect(ImageEvidence evidence) throws IOException {
    return (evidence.profile().isPresent() ? dynamicAnalysis : staticAnalysis).detect(evidence);
  }
}
