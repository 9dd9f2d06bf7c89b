package io.github.ndocker.source;

import io.github.ndocker.image.Descriptor;
import java.io.IOException;

/**
 * How an {@link ImageWalk} gets at the documents of a source. What comes is checked by the walk; an
 * implementation has to bound how much it reads: nothing above {@link ImageWalk#MAX_BYTES} is used.
 */
public interface ImageDocuments {
  /**
   * Reads a manifest, or an index.
   *
   * @param named which, as an index names it
   * @return its bytes
   * @throws IOException if it cannot be read
   */
  ImageDocument manifest(Descriptor named) throws IOException;

  /**
   * Reads a configuration.
   *
   * @param named which, as a manifest names it
   * @return its bytes
   * @throws IOException if it cannot be read
   */
  byte[] config(Descriptor named) throws IOException;
}
