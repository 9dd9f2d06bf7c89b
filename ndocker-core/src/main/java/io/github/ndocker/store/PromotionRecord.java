package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import java.util.Objects;
import java.util.Optional;

/**
 * That an image was promoted. Immutable.
 *
 * @param image the chain ID of the image's layers
 * @param hotPack the blob its hot ranges were copied to; empty if it needs none
 * @param layoutJson a document that says which range of the pack stands for which range of a file
 */
public record PromotionRecord(ChainId image, Optional<Digest> hotPack, String layoutJson)
    implements CatalogueRecord {
  /** Checks that nothing is missing. */
  public PromotionRecord {
    Objects.requireNonNull(image, "image");
    Objects.requireNonNull(hotPack, "hotPack");
    Objects.requireNonNull(layoutJson, "layoutJson");
  }

  @Override
  public String label() {
    return "promotion of " + image;
  }
}
