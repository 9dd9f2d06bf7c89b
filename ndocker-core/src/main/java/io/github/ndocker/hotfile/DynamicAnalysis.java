package io.github.ndocker.hotfile;

import io.github.ndocker.api.HotFileDetector;
import io.github.ndocker.api.HotSet;
import io.github.ndocker.api.ImageEvidence;
import io.github.ndocker.api.Profile;
import java.util.List;

/**
 * HBCSA's dynamic step: the hot files are those a traced cold start read. Without a trace it finds
 * none.
 */
public final class DynamicAnalysis implements HotFileDetector {
  /** Makes one; it has no options. */
  public DynamicAnalysis() {}

  @Override
  public HotSet detect(ImageEvidence evidence) {
    return new HotSet(
        List.of(), evidence.profile().map(Profile::inOrderOfAccess).orElse(List.of()));
  }
}
