package io.github.ndocker.api;

import java.io.IOException;

/**
 * Finds the hot image files (HIFs) of an image: what a container reads in its cold start.
 *
 * <p>The answer is a function of the evidence alone. Implementations are thread-safe, and do input
 * only through {@link ImageEvidence#files()}, of which they read a bounded part, whatever the files
 * say: files are the image author's. What an implementation cannot make sense of it leaves out.
 */
@FunctionalInterface
public interface HotFileDetector {
  /**
   * Finds the part of an image to keep on the fast tier.
   *
   * @param evidence what is known of the image
   * @return the hot layers and files; empty if the evidence supports none
   * @throws IOException if the medium fails that the image's files are read from
   */
  HotSet detect(ImageEvidence evidence) throws IOException;
}
