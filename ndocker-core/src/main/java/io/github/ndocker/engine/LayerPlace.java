package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.Layer;
import java.util.Objects;
import java.util.Optional;

/**
 * Where one layer lies. Immutable.
 *
 * @param layer the layer
 * @param location its blob; empty if it is lost and has to be deployed again
 * @param createdBy the build step that made it; may be empty
 * @param hot why static analysis keeps it fast as a whole, if it does
 */
public record LayerPlace(
    Layer layer, Optional<BlobLocation> location, String createdBy, Optional<String> hot) {
  /** Checks that nothing is missing. */
  public LayerPlace {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(createdBy, "createdBy");
    Objects.requireNonNull(hot, "hot");
  }
}
