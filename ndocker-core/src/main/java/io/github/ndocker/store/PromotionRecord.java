package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import java.util.List;
import java.util.Objects;

/**
 * That an image was promoted. Immutable.
 *
 * @param image the chain ID of the image's layers
 * @param hotPacks the blobs that its hot ranges lie in, none of them twice: one made for it, and
 *     those of other images with the same layers; none if it needs none
 * @param layoutJson a document that says which range of which pack stands for which range of a
 *     layer
 */
public record PromotionRecord(ChainId image, List<Digest> hotPacks, String layoutJson)
    implements CatalogueRecord {
  /**
   * Checks that nothing is missing.
   *
   * @throws IllegalArgumentException if a pack is named twice
   */
  public PromotionRecord {
    Objects.requireNonNull(image, "image");
    hotPacks = List.copyOf(hotPacks);
    Objects.requireNonNull(layoutJson, "layoutJson");
    if (hotPacks.stream().distinct().count() < hotPacks.size()) {
      throw new IllegalArgumentException("a promotion of " + image + " names a pack twice");
    }
  }

  @Override
  public String label() {
    return "promotion of " + image;
  }

  @Override
  public ChainId chainId() {
    return image;
  }
}
