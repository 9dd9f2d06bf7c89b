package io.github.ndocker.engine;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;

/**
 * What a change of an image's places did, or has begun. Immutable, but for the future.
 *
 * @param packedBytes bytes that the image reads from hot packs; 0 if it has none
 * @param movedToFast bytes of whole layers that went to the fast tier, or are to go there
 * @param movedToSlow bytes of whole layers that went to the slow tier, or are to go there
 * @param layersMoved ends when all layers are where they belong, with the reason if one cannot be
 *     moved; that changes nothing else, and the image can be started all the time
 */
public record Promotion(
    long packedBytes, long movedToFast, long movedToSlow, CompletableFuture<Void> layersMoved) {
  /** Checks that nothing is missing. */
  public Promotion {
    Objects.requireNonNull(layersMoved, "layersMoved");
  }
}
