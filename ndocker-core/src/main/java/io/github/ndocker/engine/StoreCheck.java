package io.github.ndocker.engine;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.DigestMismatchException;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.Tier;
import io.github.ndocker.engine.CheckFinding.Kind;
import io.github.ndocker.hotfile.HotPackCheck;
import io.github.ndocker.hotfile.HotPackLayout;
import io.github.ndocker.store.CatalogueRecord;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.NamedLocks;
import io.github.ndocker.store.PromotionRecord;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Compares every record with every blob, and if asked to, every blob with its digest and every file
 * made of blobs with what it would be made of now. Everything else goes on meanwhile.
 */
final class StoreCheck {
  private final TwoTierStore store;
  private final Records records;
  private final Retention retention;
  private final LayerIndexFiles indexes;
  private final MetadataImages metadata;
  private final LayerRefetch refetch;
  private final HotPacks packs;
  private final NamedLocks<ChainId> chains;
  private final boolean deep;
  private final boolean repair;
  private final CheckFindings findings;
  private final Map<Digest, Optional<String>> known = new HashMap<>();
  private final Set<DiffId> indexed = new HashSet<>();

  StoreCheck(
      TwoTierStore store,
      Records records,
      Retention retention,
      LayerIndexFiles indexes,
      MetadataImages metadata,
      LayerRefetch refetch,
      HotPacks packs,
      NamedLocks<ChainId> chains,
      CheckOptions options) {
    this.store = store;
    this.records = records;
    this.retention = retention;
    this.indexes = indexes;
    this.metadata = metadata;
    this.refetch = refetch;
    this.packs = packs;
    this.chains = chains;
    this.deep = options.deep();
    this.repair = options.repair();
    this.findings = new CheckFindings(options.repair());
  }

  CheckReport run() throws IOException {
    for (CatalogueRecord lost : records.lost()) {
      findings.mend(
          Kind.LOST_RECORD,
          lost.label(),
          "is not in the catalogue, although its copy on the slow tier is",
          () -> restore(lost));
    }
    List<CatalogueRecord> rows = records.list();
    for (CatalogueRecord row : rows) {
      // nothing of it is removed while it is looked at; what was removed before is no finding
      try (Retention.Claim claim = retention.claim(Records.blobs(row))) {
        if (records.has(row)) {
          check(row);
        }
      }
    }
    findUnneeded();
    return findings.report();
  }

  /** Not while the image is being removed. */
  private void restore(CatalogueRecord lost) throws IOException {
    try (NamedLocks<ChainId>.Held held = chains.lock(lost.chainId())) {
      records.restore(lost);
    }
  }

  private void check(CatalogueRecord row) throws IOException {
    problemOf(row.documentDigest())
        .ifPresent(
            problem ->
                findings.mend(
                    Kind.RECORD,
                    row.label(),
                    "its copy on the slow tier " + problem,
                    () -> store.writeRecord(row)));
    if (row instanceof ImageRecord image) {
      check(image);
    } else if (row instanceof PromotionRecord promotion) {
      check(promotion);
    }
  }

  private void check(ImageRecord image) throws IOException {
    boolean right = true;
    for (Layer layer : image.layers()) {
      String subject =
          image.reference() + " layer " + layer.position() + " " + layer.diffId().digest();
      // an index can only be made of a layer that is right, and metadata of indexes that are
      right &= isRight(image, layer, subject) && hasRightIndex(layer.diffId(), subject);
    }
    if (right) {
      if (repair) {
        // if there is none yet for where its blobs lie now, which is no damage
        metadata.prepare(image);
      }
      metadata
          .problemOf(image, deep)
          .ifPresent(
              wrong ->
                  findings.mend(
                      Kind.METADATA, image.reference(), wrong, () -> metadata.rewrite(image)));
    }
  }

  private boolean isRight(ImageRecord image, Layer layer, String subject) {
    Digest blob = layer.diffId().digest();
    Optional<String> problem = problemOf(blob);
    if (problem.isEmpty()) {
      return true;
    }
    boolean mended =
        findings.mend(Kind.LAYER, subject, problem.get(), () -> refetch.fetch(image, layer));
    if (mended) {
      known.put(blob, Optional.empty());
    }
    return mended;
  }

  private boolean hasRightIndex(DiffId layer, String subject) throws IOException {
    if (!indexed.add(layer)) {
      return true;
    }
    Optional<String> problem = indexes.problemOf(layer, deep);
    return problem.isEmpty()
        || findings.mend(Kind.INDEX, subject, problem.get(), () -> indexes.rewrite(layer));
  }

  private void check(PromotionRecord promotion) throws IOException {
    for (Map.Entry<Digest, HotPackLayout> pack : HotPlaces.layouts(promotion).entrySet()) {
      problemOf(pack.getKey())
          .or(() -> deep ? differenceOf(pack.getKey(), pack.getValue()) : Optional.empty())
          .ifPresent(
              problem ->
                  findings.mend(
                      Kind.HOT_PACK,
                      promotion.label() + " " + pack.getKey(),
                      problem,
                      () -> renew(promotion, pack.getKey())));
    }
  }

  /** A pack may be what it is called, and yet a copy of bytes that were damaged. */
  private Optional<String> differenceOf(Digest pack, HotPackLayout layout) {
    try {
      return HotPackCheck.isRight(pack, layout, store)
          ? Optional.empty()
          : Optional.of("does not hold the bytes of its layers");
    } catch (IOException e) {
      // of its layers; they have findings of their own
      return Optional.empty();
    }
  }

  /** Every byte of a pack is still in its layer, and the layout says where. */
  private void renew(PromotionRecord promotion, Digest pack) throws IOException {
    packs.renew(promotion.image(), Set.of(pack));
    known.remove(pack);
    // it lies elsewhere now
    for (CatalogueRecord record : records.list()) {
      if (record instanceof ImageRecord image && image.chainId().equals(promotion.image())) {
        metadata.prepare(image);
      }
    }
  }

  /** Empty if the blob is there and, in a deep check, is what it is called. Once for each blob. */
  private Optional<String> problemOf(Digest blob) {
    Optional<String> problem = known.get(blob);
    if (problem == null) {
      problem = lookAt(blob);
      known.put(blob, problem);
    }
    return problem;
  }

  private Optional<String> lookAt(Digest blob) {
    Optional<BlobLocation> location = store.locate(blob);
    if (location.isEmpty()) {
      return Optional.of("is on no tier");
    }
    try {
      if (deep) {
        store.verify(blob);
      } else {
        store.read(blob).close();
      }
      findings.looked(deep ? location.get().length() : 0);
      return Optional.empty();
    } catch (BlobNotFoundException e) {
      return Optional.of("was taken away from its tier");
    } catch (DigestMismatchException e) {
      return Optional.of("is damaged: its bytes are " + e.found());
    } catch (IOException e) {
      return Optional.of("cannot be read: " + e.getMessage());
    }
  }

  private void findUnneeded() {
    Set<Digest> blobs = new HashSet<>(store.blobs(Tier.SLOW));
    blobs.addAll(store.blobs(Tier.FAST));
    for (Digest blob : retention.unneeded(blobs)) {
      store
          .locate(blob)
          .ifPresent(
              location ->
                  findings.report(
                      Kind.UNNEEDED,
                      blob.toString(),
                      "no image needs these " + location.length() + " bytes"));
    }
  }
}
