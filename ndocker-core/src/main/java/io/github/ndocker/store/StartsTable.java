package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Collection;
import java.util.List;
import java.util.OptionalDouble;

/** What is known of the starts of images, one row per image. Thread-safe. */
public final class StartsTable {
  static final String SCHEMA =
      """
      CREATE TABLE starts (
        chain_id TEXT PRIMARY KEY NOT NULL,
        weight REAL NOT NULL,
        counted_at INTEGER NOT NULL,
        pinned INTEGER NOT NULL,
        seconds_saved REAL,
        checksum TEXT NOT NULL
      ) STRICT;
      """;

  private final Database database;

  StartsTable(Database database) {
    this.database = database;
  }

  /**
   * Keeps rows, in place of those of the same images; all of them, or none if it fails.
   *
   * @param rows of different images
   * @throws IOException if the medium fails
   */
  public void put(Collection<StartsRecord> rows) throws IOException {
    database.transaction(
        open -> {
          try (PreparedStatement insert =
              open.prepareStatement("INSERT OR REPLACE INTO starts VALUES (?, ?, ?, ?, ?, ?)")) {
            for (StartsRecord row : rows) {
              insert.setString(1, row.image().toString());
              insert.setDouble(2, row.weight());
              insert.setLong(3, row.at());
              insert.setInt(4, row.pinned() ? 1 : 0);
              if (row.secondsSaved().isPresent()) {
                insert.setDouble(5, row.secondsSaved().getAsDouble());
              } else {
                insert.setNull(5, Types.REAL);
              }
              insert.setString(6, row.checksum());
              insert.executeUpdate();
            }
          }
          return true;
        });
  }

  /**
   * All rows.
   *
   * @return in no order
   * @throws DamagedCatalogueException if one cannot be right
   * @throws IOException if the medium fails
   */
  public List<StartsRecord> list() throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query = open.prepareStatement("SELECT * FROM starts")) {
            return database.rows(query, StartsTable::read);
          }
        });
  }

  /**
   * Forgets an image.
   *
   * @param image the chain ID of its layers
   * @return false if nothing was known of it
   * @throws IOException if the medium fails
   */
  public boolean remove(ChainId image) throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement delete =
              open.prepareStatement("DELETE FROM starts WHERE chain_id = ?")) {
            delete.setString(1, image.toString());
            return delete.executeUpdate() > 0;
          }
        });
  }

  private static StartsRecord read(ResultSet row) throws SQLException {
    double seconds = row.getDouble("seconds_saved");
    OptionalDouble saved = row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(seconds);
    StartsRecord starts =
        new StartsRecord(
            new ChainId(Digest.parse(row.getString("chain_id"))),
            row.getDouble("weight"),
            row.getLong("counted_at"),
            row.getInt("pinned") != 0,
            saved);
    RowChecksum.require(
        row.getString("checksum"), starts.checksum(), "the starts of " + starts.image());
    return starts;
  }
}
