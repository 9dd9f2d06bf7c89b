package io.github.ndocker.source;

import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.util.Optional;

/** Images whose documents a caller has, so that no source needs to be asked for them. */
@FunctionalInterface
public interface KnownImages {
  /** No images. */
  KnownImages NONE = manifest -> Optional.empty();

  /**
   * Looks an image up.
   *
   * @param manifest digest of its manifest
   * @return its documents, or empty if they are not known
   * @throws IOException if what keeps them fails
   */
  Optional<KnownImage> find(Digest manifest) throws IOException;
}
