package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import java.util.Objects;

/**
 * Which profile there is, without what it says. Immutable.
 *
 * @param image the chain ID of the image's layers
 * @param workload the name of what was started
 * @param document as {@link ProfileRecord#documentDigest}: another one if the profile is another
 *     one
 */
public record ProfileVersion(ChainId image, String workload, Digest document) {
  /** Checks that nothing is missing. */
  public ProfileVersion {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(workload, "workload");
    Objects.requireNonNull(document, "document");
  }
}
