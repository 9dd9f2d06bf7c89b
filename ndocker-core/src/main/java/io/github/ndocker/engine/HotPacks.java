package io.github.ndocker.engine;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.hotfile.HotPackWriter;
import io.github.ndocker.hotfile.PackedLayers;
import io.github.ndocker.hotfile.PackedRange;
import io.github.ndocker.hotfile.PromotionDocument;
import io.github.ndocker.hotfile.PromotionLayout;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.PromotionRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hot packs of all images: what one image has packed of a layer serves every image that has the
 * layer. Thread-safe; changes go one by one.
 *
 * <p>A pack is made for one image and is durable before the catalogue names it. What other images
 * need of it they name too, so it stays when the first one is demoted; if most of it is then
 * nobody's, the others get packs of their own.
 */
final class HotPacks {
  private static final Logger LOG = LoggerFactory.getLogger(HotPacks.class);

  /** A device of a mount costs more than so many bytes. */
  private static final long SHARED_BYTES = 64 << 10;

  /** The most of other images' packs that one image uses. */
  private static final int SHARED_PACKS = 6;

  /** Of a pack that nobody uses this part of, the others get what they need. */
  private static final double WASTED_SHARE = 0.25;

  private final TwoTierStore store;
  private final Catalogue catalogue;
  private final Records records;
  private final Retention retention;
  private final PackHoldings holdings;

  HotPacks(TwoTierStore store, Catalogue catalogue, Records records, Retention retention) {
    this.store = store;
    this.catalogue = catalogue;
    this.records = records;
    this.retention = retention;
    this.holdings = new PackHoldings(store, catalogue);
  }

  /**
   * Packs what an image needs, in place of what it had, and records it.
   *
   * @throws TierFullException if there is no room for what others have not packed already, beside
   *     what the image had
   */
  synchronized void pack(ChainId image, HotPackLayout wanted, PromotionLayout labels)
      throws IOException {
    Set<Digest> before = packsOf(image);
    pack(image, Map.of(), wanted, labels, Set.of());
    // also of those that it still uses it may use less
    compact(before);
  }

  /**
   * The same, but where there is no room for old and new packs at once, the image keeps the old
   * ones and gets one more with what they lack.
   *
   * @throws TierFullException if there is no room for that either
   */
  synchronized void packOrExtend(ChainId image, HotPackLayout wanted, PromotionLayout labels)
      throws IOException {
    try {
      pack(image, wanted, labels);
    } catch (TierFullException e) {
      PackedLayers.Division own = own(image).divide(wanted);
      // a start opens each of its packs
      if (own.present().isEmpty() || own.present().size() > SHARED_PACKS) {
        throw e;
      }
      Set<Digest> before = packsOf(image);
      pack(image, own.present(), own.missing(), labels, Set.of());
      compact(before);
    }
  }

  /** What an image has in packs on the tier. */
  private PackedLayers own(ChainId image) throws IOException {
    Optional<PromotionRecord> promotion = catalogue.promotions().find(image);
    return promotion.isEmpty()
        ? new PackedLayers()
        : present(List.of(PackHoldings.readable(promotion.get())), Set.of());
  }

  /** Beside what is kept of the image's packs. */
  private void pack(
      ChainId image,
      Map<Digest, HotPackLayout> kept,
      HotPackLayout wanted,
      PromotionLayout labels,
      Set<Digest> without)
      throws IOException {
    Set<Digest> unusable = new HashSet<>(without);
    while (true) {
      PackedLayers.Division division = divide(image, wanted, unusable);
      Map<Digest, HotPackLayout> packs = new LinkedHashMap<>(kept);
      division.present().forEach((pack, part) -> packs.merge(pack, part, HotPackLayout::with));
      // a removal may have been faster: what is claimed and still there stays
      try (Retention.Claim shared = retention.claim(packs.keySet())) {
        Set<Digest> gone = new HashSet<>(division.present().keySet());
        gone.removeIf(pack -> store.locate(pack).isPresent());
        if (gone.isEmpty()) {
          record(image, packs, division.missing(), labels, without);
          return;
        }
        unusable.addAll(gone);
      }
    }
  }

  private void record(
      ChainId image,
      Map<Digest, HotPackLayout> packs,
      HotPackLayout missing,
      PromotionLayout labels,
      Set<Digest> without)
      throws IOException {
    if (missing.ranges().isEmpty()) {
      put(image, packs, labels);
      return;
    }
    Optional<Digest> own = ownPack(image, missing).filter(pack -> !without.contains(pack));
    if (own.isPresent()) {
      put(image, joined(own.get(), missing, packs), labels);
      return;
    }
    Tier tier = holdings.tier();
    long free = store.usage(tier).freeBytes();
    if (missing.bytes() > free) {
      // before a layer is read for it
      throw holdings.full(missing.bytes(), free);
    }
    for (DiffId layer : missing.ranges().stream().map(PackedRange::layer).distinct().toList()) {
      // a pack has a digest of its own, by which damage that it copied would look right for ever
      store.verify(layer.digest());
    }
    List<Digest> written = new ArrayList<>();
    // shared: nobody knows the pack's name before it is there
    try (Retention.Claim claim =
        retention.shared(
            () -> {
              written.add(HotPackWriter.write(missing, store, tier));
              return retention.claim(Set.copyOf(written));
            })) {
      put(image, joined(written.get(0), missing, packs), labels);
    }
  }

  /** The image's own pack first: it begins with what the image reads first. */
  private static Map<Digest, HotPackLayout> joined(
      Digest own, HotPackLayout layout, Map<Digest, HotPackLayout> others) {
    Map<Digest, HotPackLayout> packs = new LinkedHashMap<>();
    packs.put(own, layout);
    // layers that hold the same bytes have packs of one name; then one of the parts is not hot
    others.forEach(packs::putIfAbsent);
    return packs;
  }

  /** A pack of the image that is just what it needs. */
  private Optional<Digest> ownPack(ChainId image, HotPackLayout wanted) throws IOException {
    Optional<PromotionRecord> before = catalogue.promotions().find(image);
    if (before.isEmpty()) {
      return Optional.empty();
    }
    return PackHoldings.readable(before.get()).entrySet().stream()
        .filter(pack -> pack.getValue().equals(wanted) && holdings.isThere(pack.getKey()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private void put(ChainId image, Map<Digest, HotPackLayout> packs, PromotionLayout labels)
      throws IOException {
    PromotionLayout layout = labels.withPacks(List.copyOf(packs.values()));
    records.put(
        new PromotionRecord(image, List.copyOf(packs.keySet()), PromotionDocument.write(layout)));
  }

  /** Forgets where the hot ranges of an image lie, and frees what nobody else uses. */
  synchronized void remove(PromotionRecord promotion) throws IOException {
    retention.drop(records.remove(promotion));
    compact(Set.copyOf(promotion.hotPacks()));
  }

  /**
   * Gives an image a new copy of what it has in some packs, if it is still promoted. All else of it
   * stays where it is, so that of two images that share packs neither makes the other one move.
   */
  synchronized void renew(ChainId image, Set<Digest> without) throws IOException {
    Set<Digest> before = packsOf(image);
    copy(image, without);
    compact(before);
  }

  /** As {@link #renew}, alone: nobody uses less of other packs then. */
  private synchronized void copy(ChainId image, Set<Digest> without) throws IOException {
    Optional<PromotionRecord> promotion = catalogue.promotions().find(image);
    if (promotion.isEmpty() || Collections.disjoint(promotion.get().hotPacks(), without)) {
      return;
    }
    Map<Digest, HotPackLayout> kept = new LinkedHashMap<>(HotPlaces.layouts(promotion.get()));
    List<PackedRange> wanted = new ArrayList<>();
    for (Digest pack : without) {
      HotPackLayout lost = kept.remove(pack);
      if (lost != null) {
        wanted.addAll(lost.ranges());
      }
    }
    PromotionLayout labels = PromotionDocument.read(promotion.get().layoutJson());
    pack(image, kept, HotPackLayout.backToBack(wanted), labels, without);
  }

  /**
   * Gives up packs that are mostly nobody's: those who still need some of one get a copy of that.
   * Nobody has to wait for that to succeed.
   */
  private void compact(Set<Digest> packs) throws IOException {
    for (Digest pack : packs) {
      Optional<PackHolding> holding = holdings.of(pack);
      if (holding.isPresent()
          && holding.get().wastedBytes() > WASTED_SHARE * holding.get().bytes()) {
        giveUp(holding.get(), () -> {});
      }
    }
  }

  private void giveUp(PackHolding pack, StandAside pause) throws IOException {
    for (ChainId user : pack.users()) {
      pause.await();
      try {
        copy(user, Set.of(pack.name()));
      } catch (IOException e) {
        LOG.info(
            "{} bytes of pack {} stay unused: {}", pack.wastedBytes(), pack.name(), e.getMessage());
      }
    }
  }

  /** What the packs of all images take. */
  PackHoldings holdings() {
    return holdings;
  }

  /**
   * Gives up packs that hold something of nobody, the most wasteful ones first, until all take so
   * many bytes at most, or none is left. Each copy reads whole layers of the slow tier: others may
   * change packs in between, and it pauses before each.
   */
  void compactTo(long bytes, StandAside pause) throws IOException {
    if (holdings.bytes() <= bytes) {
      return;
    }
    List<PackHolding> wasteful =
        holdings.all().stream()
            .filter(PackHolding::isWorthCompacting)
            .sorted(Comparator.comparingLong(PackHolding::wastedBytes).reversed())
            .toList();
    for (PackHolding pack : wasteful) {
      if (holdings.bytes() <= bytes) {
        return;
      }
      // what was given up before this one may use more of it now
      Optional<PackHolding> now = holdings.of(pack.name());
      if (now.isPresent() && now.get().isWorthCompacting()) {
        giveUp(now.get(), pause);
        store.sweep();
      }
    }
  }

  private Set<Digest> packsOf(ChainId image) throws IOException {
    return catalogue
        .promotions()
        .find(image)
        .map(promotion -> new HashSet<>(promotion.hotPacks()))
        .orElseGet(HashSet::new);
  }

  /** What of the wanted ranges other images have in packs on the tier. */
  private PackedLayers.Division divide(ChainId image, HotPackLayout wanted, Set<Digest> without)
      throws IOException {
    List<Map<Digest, HotPackLayout>> sharing = sharing(image, wanted);
    Map<Digest, Long> contributions = new LinkedHashMap<>();
    present(sharing, without)
        .divide(wanted)
        .present()
        .forEach((pack, layout) -> contributions.put(pack, layout.blockBytes()));
    Set<Digest> left = new HashSet<>(without);
    contributions.entrySet().stream()
        .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
        .skip(SHARED_PACKS)
        .forEach(pack -> left.add(pack.getKey()));
    contributions.forEach(
        (pack, bytes) -> {
          if (bytes < SHARED_BYTES) {
            left.add(pack);
          }
        });
    return present(sharing, left).divide(wanted);
  }

  private PackedLayers present(List<Map<Digest, HotPackLayout>> sharing, Set<Digest> without) {
    PackedLayers packed = new PackedLayers();
    for (Map<Digest, HotPackLayout> layouts : sharing) {
      layouts.forEach(
          (pack, layout) -> {
            if (!without.contains(pack) && holdings.isThere(pack)) {
              packed.add(pack, layout);
            }
          });
    }
    return packed;
  }

  /** Other images with one of the layers. An image's own packs do not count: they are replaced. */
  private List<Map<Digest, HotPackLayout>> sharing(ChainId image, HotPackLayout wanted)
      throws IOException {
    List<String> layers =
        wanted.ranges().stream().map(range -> range.layer().toString()).distinct().toList();
    List<Map<Digest, HotPackLayout>> sharing = new ArrayList<>();
    for (PromotionRecord promotion : catalogue.promotions().list()) {
      if (!promotion.image().equals(image)
          && layers.stream().anyMatch(promotion.layoutJson()::contains)) {
        sharing.add(PackHoldings.readable(promotion));
      }
    }
    return sharing;
  }
}
