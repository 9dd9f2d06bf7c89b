package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import java.util.Objects;

/**
 * A profile as the catalogue keeps it. Immutable.
 *
 * @param image the chain ID of the image's layers
 * @param workload the name of what was started
 * @param json the profile document
 */
public record ProfileRecord(ChainId image, String workload, String json)
    implements CatalogueRecord {
  /**
   * Checks that nothing is missing.
   *
   * @throws IllegalArgumentException if the workload has no name
   */
  public ProfileRecord {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(json, "json");
    if (workload.isBlank()) {
      throw new IllegalArgumentException("a workload has a name");
    }
  }

  @Override
  public String label() {
    return "profile " + workload + " of " + image;
  }
}
