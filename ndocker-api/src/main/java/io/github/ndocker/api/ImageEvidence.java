package io.github.ndocker.api;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What is known of an image when its hot files are asked for. Immutable.
 *
 * @param layers the layers from the bottom up
 * @param history the steps of the build from the first to the last; empty if the image does not
 *     tell
 * @param profile a trace of a cold start, if there was one
 */
public record ImageEvidence(
    List<Layer> layers, List<HistoryStep> history, Optional<Profile> profile) {
  /** Copies the lists. */
  public ImageEvidence {
    layers = List.copyOf(layers);
    history = List.copyOf(history);
    Objects.requireNonNull(profile, "profile");
  }
}
