package io.github.ndocker.engine;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.TierFullException;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.CatalogueRecord;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.ProfileRecord;
import io.github.ndocker.store.PromotionRecord;
import io.github.ndocker.store.RecordSearch;
import io.github.ndocker.store.TwoTierStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the host knows twice: as rows of the catalogue, and as documents on the slow tier, of
 * which a lost catalogue is made again. A document is durable before its row. Thread-safe.
 */
final class Records {
  private static final Logger LOG = LoggerFactory.getLogger(Records.class);

  private final TwoTierStore store;
  private final Catalogue catalogue;
  private final BlobReferences references;
  private final Retention retention;

  Records(TwoTierStore store, Catalogue catalogue, BlobReferences references, Retention retention) {
    this.store = store;
    this.catalogue = catalogue;
    this.references = references;
    this.retention = retention;
  }

  /**
   * Counts what the catalogue's rows need, restores the rows that a new catalogue lacks, and writes
   * the documents that are missing, such as those of a catalogue of before there were any. Once,
   * before anything can be removed.
   */
  void load() throws IOException {
    Map<Digest, CatalogueRecord> rows = new LinkedHashMap<>();
    for (CatalogueRecord row : list()) {
      Digest document = row.documentDigest();
      rows.put(document, row);
      references.add(blobs(row, document));
    }
    if (catalogue.isIncomplete()) {
      restore();
    }
    for (Map.Entry<Digest, CatalogueRecord> named : rows.entrySet()) {
      CatalogueRecord row = named.getValue();
      try {
        writeDocument(row, named.getKey());
      } catch (TierFullException e) {
        // the engine has to open all the same, or nothing could ever be removed
        LOG.warn("{} has no copy on the slow tier: {}", row.label(), e.getMessage());
      }
    }
  }

  /** Every row of the catalogue that has a document. */
  List<CatalogueRecord> list() throws IOException {
    List<CatalogueRecord> rows = new ArrayList<>(catalogue.images().list());
    rows.addAll(catalogue.profiles().list());
    rows.addAll(catalogue.promotions().list());
    return rows;
  }

  /** The blobs that a row needs. */
  static Set<Digest> blobs(CatalogueRecord row) {
    return blobs(row, row.documentDigest());
  }

  private static Set<Digest> blobs(CatalogueRecord row, Digest document) {
    Set<Digest> blobs = new HashSet<>();
    blobs.add(document);
    if (row instanceof ImageRecord image) {
      image.layers().stream().map(Layer::diffId).forEach(layer -> blobs.add(layer.digest()));
    } else if (row instanceof PromotionRecord promotion) {
      blobs.addAll(promotion.hotPacks());
    }
    return blobs;
  }

  /** Makes a row's document durable, unless it is there. Somebody has claimed it. */
  void writeDocument(CatalogueRecord row) throws IOException {
    writeDocument(row, row.documentDigest());
  }

  private void writeDocument(CatalogueRecord row, Digest name) throws IOException {
    if (store.locate(name).isEmpty()) {
      store.writeRecord(row);
    }
  }

  /** Whether the catalogue has just this row. */
  boolean has(CatalogueRecord row) throws IOException {
    return before(row).filter(present -> present.equals(row)).isPresent();
  }

  /**
   * The records on the slow tier for whose keys the catalogue has no row, and which no deployment
   * under way has just written: of several images of one name, the newest.
   */
  List<CatalogueRecord> lost() throws IOException {
    Map<String, CatalogueRecord> lost = new LinkedHashMap<>();
    for (CatalogueRecord found : RecordSearch.find(store)) {
      if (before(found).isEmpty() && !retention.isNeeded(found.documentDigest())) {
        lost.merge(found.label(), found, Records::newer);
      }
    }
    return List.copyOf(lost.values());
  }

  private static CatalogueRecord newer(CatalogueRecord one, CatalogueRecord other) {
    return one instanceof ImageRecord first
            && other instanceof ImageRecord second
            && first.deployedAt().isAfter(second.deployedAt())
        ? one
        : other;
  }

  /** Restores what a new catalogue lacks. */
  private void restore() throws IOException {
    for (CatalogueRecord record : lost()) {
      LOG.warn("{} is in the catalogue again, from its copy on the slow tier", record.label());
      put(record);
    }
  }

  /** Keeps a record, in place of the one that had its key, and lets go of what only that needed. */
  void put(CatalogueRecord row) throws IOException {
    try (Retention.Claim claim = retention.claim(blobs(row))) {
      writeDocument(row);
      Set<Digest> unneeded;
      synchronized (this) {
        Optional<? extends CatalogueRecord> before = before(row);
        insert(row);
        references.add(blobs(row));
        unneeded = release(before);
      }
      if (!unneeded.isEmpty()) {
        retention.drop(unneeded);
      }
    }
  }

  private void insert(CatalogueRecord row) throws IOException {
    if (row instanceof ImageRecord image) {
      catalogue.images().put(image);
    } else if (row instanceof ProfileRecord profile) {
      catalogue.profiles().put(profile);
    } else if (row instanceof PromotionRecord promotion) {
      catalogue.promotions().put(promotion);
    }
  }

  private Optional<? extends CatalogueRecord> before(CatalogueRecord row) throws IOException {
    if (row instanceof ImageRecord image) {
      return catalogue.images().find(image.reference());
    }
    if (row instanceof ProfileRecord profile) {
      return catalogue.profiles().find(profile.image(), profile.workload());
    }
    return row instanceof PromotionRecord promotion
        ? catalogue.promotions().find(promotion.image())
        : Optional.empty();
  }

  /** Restores a lost row, unless it was removed or came back meanwhile. */
  void restore(CatalogueRecord lost) throws IOException {
    if (before(lost).isEmpty() && store.locate(lost.documentDigest()).isPresent()) {
      put(lost);
    }
  }

  /**
   * Removes a row; its document first, so that no crash leaves one that would bring the row back.
   * Returns what nobody needs any more, for {@link Retention#drop}.
   */
  synchronized Set<Digest> remove(CatalogueRecord row) throws IOException {
    Optional<? extends CatalogueRecord> before = before(row);
    if (before.isPresent()) {
      store.delete(before.get().documentDigest());
    }
    if (row instanceof ImageRecord image) {
      catalogue.images().remove(image.reference());
    } else if (row instanceof ProfileRecord profile) {
      catalogue.profiles().remove(profile.image(), profile.workload());
    } else if (row instanceof PromotionRecord promotion) {
      catalogue.promotions().remove(promotion.image());
    }
    return release(before);
  }

  private Set<Digest> release(Optional<? extends CatalogueRecord> row) {
    return row.isEmpty() ? Set.of() : references.release(blobs(row.get()));
  }
}
