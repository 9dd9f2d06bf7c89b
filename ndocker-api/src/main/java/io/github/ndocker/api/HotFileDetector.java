package io.github.ndocker.api;

/**
 * Finds the hot image files (HIFs) of an image: what a container reads in its cold start.
 *
 * <p>The answer is a function of the evidence alone. Implementations are thread-safe and do no
 * input or output.
 */
@FunctionalInterface
public interface HotFileDetector {
  /**
   * Finds the part of an image to keep on the fast tier.
   *
   * @param evidence what is known of the image
   * @return the hot layers and files; empty if the evidence supports none
   */
  HotSet detect(ImageEvidence evidence);
}
