package io.github.ndocker.erofs;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.Digest;
import io.github.ndocker.hotfile.HotPackLayout;
import java.util.Objects;

/**
 * A hot pack and where it lies. Immutable.
 *
 * @param name its digest
 * @param location where the kernel finds it
 * @param layout what it holds of an image
 */
public record HotPack(Digest name, BlobLocation location, HotPackLayout layout) {
  /** Checks that nothing is missing. */
  public HotPack {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(location, "location");
    Objects.requireNonNull(layout, "layout");
  }
}
