package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The split blobs of a catalogue. A row is there before the parts have names on their tiers and as
 * long as one of them is, so that no part is ever taken for a blob. Thread-safe.
 */
public final class SplitTable {
  private static final Logger LOG = LoggerFactory.getLogger(SplitTable.class);

  static final String SCHEMA =
      """
      CREATE TABLE split (
        fast_part TEXT PRIMARY KEY NOT NULL,
        slow_part TEXT UNIQUE NOT NULL,
        blob TEXT NOT NULL,
        runs TEXT NOT NULL
      ) STRICT;
      """;

  static final SchemaStep CHECKSUMS =
      SchemaStep.sql("ALTER TABLE split ADD COLUMN checksum TEXT NOT NULL DEFAULT ''")
          .then(SplitTable::addChecksums);

  private final Database database;

  SplitTable(Database database) {
    this.database = database;
  }

  /** Adds a row, or replaces the one with the same parts. */
  void put(SplitBlob split) throws IOException {
    database.transaction(
        open -> {
          put(open, split);
          return true;
        });
  }

  private static void put(Connection open, SplitBlob split) throws SQLException {
    try (PreparedStatement insert =
        open.prepareStatement("INSERT OR REPLACE INTO split VALUES (?, ?, ?, ?, ?)")) {
      List<String> fields = fields(split);
      for (int i = 0; i < fields.size(); i++) {
        insert.setString(i + 1, fields.get(i));
      }
      insert.setString(fields.size() + 1, RowChecksum.of(fields));
      insert.executeUpdate();
    }
  }

  private static List<String> fields(SplitBlob split) {
    return List.of(
        split.fastPart().toString(),
        split.slowPart().toString(),
        split.blob().toString(),
        split.runsText());
  }

  boolean remove(SplitBlob split) throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement delete =
              open.prepareStatement("DELETE FROM split WHERE fast_part = ?")) {
            delete.setString(1, split.fastPart().toString());
            return delete.executeUpdate() > 0;
          }
        });
  }

  /**
   * All rows.
   *
   * @throws DamagedCatalogueException if a row cannot be right
   * @throws IOException if the medium fails
   */
  List<SplitBlob> list() throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query = open.prepareStatement("SELECT * FROM split")) {
            return database.rows(
                query,
                row -> {
                  SplitBlob split = read(row);
                  RowChecksum.require(
                      row.getString("checksum"),
                      RowChecksum.of(fields(split)),
                      "split blob " + split.blob());
                  return split;
                });
          }
        });
  }

  private static void addChecksums(Connection open) throws SQLException {
    try (PreparedStatement query = open.prepareStatement("SELECT * FROM split");
        ResultSet row = query.executeQuery();
        PreparedStatement update =
            open.prepareStatement("UPDATE split SET checksum = ? WHERE fast_part = ?")) {
      while (row.next()) {
        try {
          SplitBlob split = read(row);
          update.setString(1, RowChecksum.of(fields(split)));
          update.setString(2, split.fastPart().toString());
          update.executeUpdate();
        } catch (IllegalArgumentException e) {
          // a row that cannot be right keeps its empty checksum, and is found by that
          LOG.warn("{}", e.getMessage());
        }
      }
    }
  }

  private static SplitBlob read(ResultSet row) throws SQLException {
    return new SplitBlob(
        Digest.parse(row.getString("blob")),
        Digest.parse(row.getString("slow_part")),
        Digest.parse(row.getString("fast_part")),
        SplitBlob.parseRuns(row.getString("runs")));
  }
}
