package io.github.ndocker.api;

import java.util.Objects;

/**
 * One step of an image's build, from the {@code history} of its configuration (OCI image
 * specification, "Image Configuration"). Immutable.
 *
 * @param createdBy the command that made the step; may be empty
 * @param emptyLayer true if the step made no layer
 */
public record HistoryStep(String createdBy, boolean emptyLayer) {
  /** Checks that the command is there. */
  public HistoryStep {
    Objects.requireNonNull(createdBy, "createdBy");
  }
}
