package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.util.List;

/**
 * The copies that do not count any more and are kept for who still reads them. A row is there
 * before the copy stops to count, so that it never counts again by itself. Thread-safe.
 */
final class RetiredTable {
  static final String SCHEMA =
      """
      CREATE TABLE retired (
        tier TEXT NOT NULL,
        part TEXT NOT NULL,
        blob TEXT NOT NULL,
        checksum TEXT NOT NULL,
        PRIMARY KEY (tier, part)
      ) STRICT;
      """;

  private final Database database;

  RetiredTable(Database database) {
    this.database = database;
  }

  /** Adds the copies, all or none. */
  void add(List<StoredCopy> copies) throws IOException {
    database.transaction(
        open -> {
          try (PreparedStatement insert =
              open.prepareStatement("INSERT OR REPLACE INTO retired VALUES (?, ?, ?, ?)")) {
            for (StoredCopy copy : copies) {
              List<String> fields = fields(copy);
              insert.setString(1, fields.get(0));
              insert.setString(2, fields.get(1));
              insert.setString(3, fields.get(2));
              insert.setString(4, RowChecksum.of(fields));
              insert.executeUpdate();
            }
          }
          return true;
        });
  }

  void remove(StoredCopy copy) throws IOException {
    database.transaction(
        open -> {
          try (PreparedStatement delete =
              open.prepareStatement("DELETE FROM retired WHERE tier = ? AND part = ?")) {
            delete.setString(1, copy.tier().name());
            delete.setString(2, copy.key().toString());
            return delete.executeUpdate();
          }
        });
  }

  /**
   * All rows.
   *
   * @throws DamagedCatalogueException if a row cannot be right
   * @throws IOException if the medium fails
   */
  List<StoredCopy> list() throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query = open.prepareStatement("SELECT * FROM retired")) {
            return database.rows(
                query,
                row -> {
                  StoredCopy copy =
                      new StoredCopy(
                          Digest.parse(row.getString("blob")),
                          Tier.valueOf(row.getString("tier")),
                          Digest.parse(row.getString("part")));
                  RowChecksum.require(
                      row.getString("checksum"), RowChecksum.of(fields(copy)), "retired " + copy);
                  return copy;
                });
          }
        });
  }

  private static List<String> fields(StoredCopy copy) {
    return List.of(copy.tier().name(), copy.key().toString(), copy.blob().toString());
  }
}
