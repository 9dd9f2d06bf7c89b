package io.github.ndocker.engine;

import io.github.ndocker.source.ImageSource;
import java.util.Optional;

/**
 * How a store is checked. Immutable.
 *
 * @param deep whether every byte is read and hashed, or only compared what is recorded
 * @param repair whether what is found is mended
 * @param source where damaged layers are fetched from; empty for the registry that the name of
 *     their image says
 */
public record CheckOptions(boolean deep, boolean repair, Optional<ImageSource> source) {
  /**
   * Looks at what is there, and reads none of its bytes.
   *
   * @return the options
   */
  public static CheckOptions quick() {
    return new CheckOptions(false, false, Optional.empty());
  }

  /**
   * The same, with every hash.
   *
   * @return the options
   */
  public CheckOptions deeply() {
    return new CheckOptions(true, repair, source);
  }

  /**
   * The same, and mends what it finds.
   *
   * @return the options
   */
  public CheckOptions repairing() {
    return new CheckOptions(deep, true, source);
  }

  /**
   * The same, with another place to fetch layers from than the registry.
   *
   * @param layers a layout or an archive that holds the images; not closed
   * @return the options
   */
  public CheckOptions from(ImageSource layers) {
    return new CheckOptions(deep, repair, Optional.of(layers));
  }
}
