package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.PromotionLayout;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.PromotionRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the hot packs of all images take of the tier of packs, and what they could take. Changes
 * nothing. Thread-safe.
 */
final class PackHoldings {
  private static final Logger LOG = LoggerFactory.getLogger(PackHoldings.class);

  private final TwoTierStore store;
  private final Catalogue catalogue;
  private final Tier tier;

  PackHoldings(TwoTierStore store, Catalogue catalogue) {
    this.store = store;
    this.catalogue = catalogue;
    // also a disk reads a pack faster than the same bytes here and there
    this.tier = store.usage(Tier.FAST).capacityBytes() > 0 ? Tier.FAST : Tier.SLOW;
  }

  /** Where packs are written. */
  Tier tier() {
    return tier;
  }

  boolean isThere(Digest pack) {
    return store.locate(pack).filter(location -> location.isWhollyOn(tier)).isPresent();
  }

  /** What an image has on the tier of packs. */
  Map<Digest, HotPackLayout> present(PromotionRecord promotion, PromotionLayout layout)
      throws NDockerException {
    Map<Digest, HotPackLayout> present = new LinkedHashMap<>(HotPlaces.layouts(promotion, layout));
    present.keySet().removeIf(pack -> !isThere(pack));
    return present;
  }

  /** Of an image whose document cannot be read nobody knows what it needs of its packs. */
  static Map<Digest, HotPackLayout> readable(PromotionRecord promotion) {
    try {
      return HotPlaces.layouts(promotion);
    } catch (NDockerException e) {
      LOG.info("{}: {}", promotion.label(), e.getMessage());
      return Map.of();
    }
  }

  /** All packs, those of unreadable documents too. */
  List<PackHolding> all() throws IOException {
    Map<Digest, Map<ChainId, HotPackLayout>> users = new LinkedHashMap<>();
    for (PromotionRecord promotion : catalogue.promotions().list()) {
      promotion.hotPacks().forEach(pack -> users.putIfAbsent(pack, new LinkedHashMap<>()));
      readable(promotion)
          .forEach(
              (pack, layout) ->
                  Objects.requireNonNull(users.get(pack)).put(promotion.image(), layout));
    }
    List<PackHolding> holdings = new ArrayList<>();
    users.forEach(
        (pack, layouts) -> {
          long bytes = bytesOf(pack);
          if (bytes > 0) {
            holdings.add(PackHolding.of(pack, bytes, layouts));
          }
        });
    return holdings;
  }

  /** One pack, wherever it lies; empty if it is gone. */
  Optional<PackHolding> of(Digest pack) throws IOException {
    Optional<BlobLocation> location = store.locate(pack);
    if (location.isEmpty()) {
      return Optional.empty();
    }
    Map<ChainId, HotPackLayout> users = new LinkedHashMap<>();
    for (PromotionRecord promotion : catalogue.promotions().list()) {
      if (promotion.hotPacks().contains(pack)) {
        readable(promotion).entrySet().stream()
            .filter(named -> named.getKey().equals(pack))
            .forEach(named -> users.put(promotion.image(), named.getValue()));
      }
    }
    return Optional.of(PackHolding.of(pack, location.get().length(), users));
  }

  /** What all take together, without a look at what they hold. */
  long bytes() throws IOException {
    Set<Digest> packs = new HashSet<>();
    catalogue.promotions().list().forEach(promotion -> packs.addAll(promotion.hotPacks()));
    return packs.stream().mapToLong(this::bytesOf).sum();
  }

  private long bytesOf(Digest blob) {
    return store.locate(blob).map(location -> location.bytesOn(tier)).orElse(0L);
  }

  /**
   * What packs could take together: the tier, but for other blobs. Of these, layers of images that
   * are promoted leave when their room is needed.
   */
  long capacity(Collection<ImageRecord> promoted) throws IOException {
    Set<Digest> leaving = new HashSet<>();
    if (tier == Tier.FAST) {
      promoted.forEach(
          image -> image.layers().forEach(layer -> leaving.add(layer.diffId().digest())));
    }
    store.sweep();
    return bytes()
        + store.usage(tier).freeBytes()
        + leaving.stream().mapToLong(this::bytesOf).sum();
  }

  TierFullException full(long bytes, long free) {
    return new TierFullException(store.describe(tier).location().toString(), bytes, free);
  }
}
