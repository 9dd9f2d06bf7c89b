package io.github.ndocker.engine;

/**
 * What a change of an image's places did. Immutable.
 *
 * @param packedBytes bytes of the hot pack; 0 if there is none
 * @param movedToFast bytes of whole layers that went to the fast tier
 * @param movedToSlow bytes of whole layers that went to the slow tier
 */
public record Promotion(long packedBytes, long movedToFast, long movedToSlow) {}
