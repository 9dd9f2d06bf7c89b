package io.github.ndocker.engine;

import io.github.ndocker.api.BlobExtent;
import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.erofs.HotPack;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.PackedRange;
import io.github.ndocker.hotfile.PromotionDocument;
import io.github.ndocker.hotfile.PromotionLayout;
import io.github.ndocker.store.PromotionRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the hot ranges of an image lie, as far as their packs are there. Immutable.
 *
 * @param packs the packs, and what they hold of the image
 * @param readAhead whether the kernel may read ahead within files
 */
record HotPlaces(List<HotPack> packs, boolean readAhead) {
  /** A gap that is cheaper to read than to skip, on any disk. */
  private static final long GAP_BYTES = 64 << 10;

  HotPlaces {
    packs = List.copyOf(packs);
  }

  static HotPlaces of(Optional<PromotionRecord> promotion, TieredBlobStore store)
      throws IOException {
    if (promotion.isEmpty()) {
      return new HotPlaces(List.of(), true);
    }
    PromotionLayout layout = PromotionDocument.read(promotion.get().layoutJson());
    List<HotPack> packs = new ArrayList<>();
    for (Map.Entry<Digest, HotPackLayout> pack : layouts(promotion.get(), layout).entrySet()) {
      // gone with a fast tier that did not survive? then every byte is still in its layer
      Optional<BlobLocation> location = store.locate(pack.getKey());
      if (location.isPresent()) {
        packs.add(packed(pack.getKey(), location.get(), pack.getValue()));
      }
    }
    return new HotPlaces(packs, packs.isEmpty() || layout.readAhead());
  }

  /** What each pack of an image holds of it, in the order of the packs. */
  static Map<Digest, HotPackLayout> layouts(PromotionRecord promotion) throws NDockerException {
    return layouts(promotion, PromotionDocument.read(promotion.layoutJson()));
  }

  static Map<Digest, HotPackLayout> layouts(PromotionRecord promotion, PromotionLayout layout)
      throws NDockerException {
    List<Digest> names = promotion.hotPacks();
    if (names.size() != layout.packs().size()) {
      throw new NDockerException(
          names.size()
              + " hot packs with a layout of "
              + layout.packs().size()
              + "; promote the image again");
    }
    Map<Digest, HotPackLayout> layouts = new LinkedHashMap<>();
    for (int i = 0; i < names.size(); i++) {
      layouts.put(names.get(i), layout.packs().get(i));
    }
    return layouts;
  }

  /** Past the end of a pack in a heap lie bytes of other blobs. */
  private static HotPack packed(Digest name, BlobLocation pack, HotPackLayout layout)
      throws NDockerException {
    if (layout.bytes() > pack.length()) {
      throw new NDockerException(
          "a hot pack of "
              + pack.length()
              + " bytes with a layout of "
              + layout.bytes()
              + "; promote the image again");
    }
    return new HotPack(name, pack, layout);
  }

  List<HotPackPlace> places() {
    return packs.stream()
        .map(pack -> new HotPackPlace(pack.name(), pack.location(), pack.layout().blockBytes()))
        .toList();
  }

  List<BlobLocation> locations() {
    return packs.stream().map(HotPack::location).toList();
  }

  /**
   * What is worth to be read while a start goes on, in the order of the packs: all that lies on the
   * slow tier, and what a start is known to need of the fast one. Where the kernel reads ahead
   * there, it is left to the kernel.
   */
  List<BlobExtent> startReads() {
    List<BlobExtent> extents = new ArrayList<>();
    for (HotPack pack : packs) {
      if (readAhead && !pack.location().isWhollyOn(Tier.SLOW)) {
        continue;
      }
      long begin = 0;
      long end = 0;
      for (PackedRange range : pack.layout().ranges()) {
        if (range.packOffset() - end > GAP_BYTES) {
          if (end > begin) {
            extents.addAll(pack.location().range(begin, end));
          }
          begin = range.packOffset();
        }
        end = range.packOffset() + range.length();
      }
      if (end > begin) {
        extents.addAll(pack.location().range(begin, end));
      }
    }
    return extents;
  }
}
