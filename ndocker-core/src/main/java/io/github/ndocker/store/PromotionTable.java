package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The promotions of a catalogue, one per image. Thread-safe. */
public final class PromotionTable {
  private static final Logger LOG = LoggerFactory.getLogger(PromotionTable.class);

  static final String SCHEMA =
      """
      CREATE TABLE promotion (
        chain_id TEXT PRIMARY KEY NOT NULL,
        hot_pack TEXT,
        layout_json TEXT NOT NULL
      ) STRICT;
      """;

  /** The digest of each row's document: a checksum of the row, and the name of its blob. */
  static final SchemaStep CHECKSUMS =
      SchemaStep.sql("ALTER TABLE promotion ADD COLUMN document TEXT NOT NULL DEFAULT ''")
          .then(PromotionTable::addDocuments);

  private final Database database;
  private final RecentPromotions recent;

  PromotionTable(Database database, RecentPromotions recent) {
    this.database = database;
    this.recent = recent;
  }

  /**
   * Keeps a promotion, in place of the one of the same image.
   *
   * @param promotion the promotion
   * @throws IOException if the medium fails; the catalogue is as before then
   */
  public void put(PromotionRecord promotion) throws IOException {
    database.transaction(
        open -> {
          recent.forget(promotion.image());
          try (PreparedStatement insert =
              open.prepareStatement("INSERT OR REPLACE INTO promotion VALUES (?, ?, ?, ?)")) {
            insert.setString(1, promotion.image().toString());
            insert.setString(2, PackNames.write(promotion.hotPacks()));
            insert.setString(3, promotion.layoutJson());
            insert.setString(4, promotion.documentDigest().toString());
            return insert.executeUpdate();
          }
        });
  }

  /**
   * Looks a promotion up.
   *
   * @param image the chain ID of the image's layers
   * @return the promotion, or empty if the image is not promoted
   * @throws DamagedCatalogueException if its row cannot be right
   * @throws IOException if the medium fails
   */
  public Optional<PromotionRecord> find(ChainId image) throws IOException {
    Optional<PromotionRecord> known = recent.find(image);
    if (known.isPresent()) {
      return known;
    }
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT * FROM promotion WHERE chain_id = ?")) {
            query.setString(1, image.toString());
            Optional<PromotionRecord> found = read(query).stream().findFirst();
            // within the transaction: nobody changes it until it is kept
            found.ifPresent(recent::keep);
            return found;
          }
        });
  }

  /**
   * The promotions of all images.
   *
   * @return the promotions in the order of their chain IDs
   * @throws DamagedCatalogueException if a row cannot be right
   * @throws IOException if the medium fails
   */
  public List<PromotionRecord> list() throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT * FROM promotion ORDER BY chain_id")) {
            return read(query);
          }
        });
  }

  /**
   * Forgets a promotion.
   *
   * @param image the chain ID of the image's layers
   * @return false if there was none
   * @throws IOException if the medium fails
   */
  public boolean remove(ChainId image) throws IOException {
    return database.transaction(
        open -> {
          recent.forget(image);
          try (PreparedStatement delete =
              open.prepareStatement("DELETE FROM promotion WHERE chain_id = ?")) {
            delete.setString(1, image.toString());
            return delete.executeUpdate() > 0;
          }
        });
  }

  private static void addDocuments(Connection open) throws SQLException {
    try (PreparedStatement query = open.prepareStatement("SELECT * FROM promotion");
        ResultSet row = query.executeQuery();
        PreparedStatement update =
            open.prepareStatement("UPDATE promotion SET document = ? WHERE chain_id = ?")) {
      while (row.next()) {
        try {
          PromotionRecord promotion = read(row);
          update.setString(1, promotion.documentDigest().toString());
          update.setString(2, promotion.image().toString());
          update.executeUpdate();
        } catch (IllegalArgumentException e) {
          // a row that cannot be right keeps its empty checksum, and is found by that
          LOG.warn("{}", e.getMessage());
        }
      }
    }
  }

  private List<PromotionRecord> read(PreparedStatement query) throws SQLException {
    return database.rows(
        query,
        row -> {
          PromotionRecord promotion = read(row);
          RowChecksum.require(
              row.getString("document"),
              promotion.documentDigest().toString(),
              "promotion " + promotion.image());
          return promotion;
        });
  }

  private static PromotionRecord read(ResultSet row) throws SQLException {
    return new PromotionRecord(
        new ChainId(Digest.parse(row.getString("chain_id"))),
        PackNames.read(Objects.requireNonNullElse(row.getString("hot_pack"), "")),
        row.getString("layout_json"));
  }
}
