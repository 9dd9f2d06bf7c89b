package io.github.ndocker.api;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What a tier is made of. Immutable.
 *
 * @param medium what a person should know it as, such as "files" or "persistent memory, flushed by
 *     the CPU"
 * @param location the directory
 * @param survivesPowerCut whether what was committed is still there after a power cut
 */
public record TierDescription(String medium, Path location, boolean survivesPowerCut) {
  /** Checks that nothing is missing. */
  public TierDescription {
    Objects.requireNonNull(medium, "medium");
    Objects.requireNonNull(location, "location");
  }
}
