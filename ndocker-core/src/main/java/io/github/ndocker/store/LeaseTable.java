package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The leases of a catalogue, one per superblock. Thread-safe. */
public final class LeaseTable {
  static final String SCHEMA =
      """
      CREATE TABLE lease (
        superblock TEXT PRIMARY KEY NOT NULL,
        boot_id TEXT NOT NULL
      ) STRICT;
      CREATE TABLE lease_blob (
        superblock TEXT NOT NULL REFERENCES lease (superblock) ON DELETE CASCADE,
        digest TEXT NOT NULL,
        PRIMARY KEY (superblock, digest)
      ) STRICT;
      """;

  private final Database database;

  LeaseTable(Database database) {
    this.database = database;
  }

  void put(Lease lease) throws IOException {
    database.transaction(
        open -> {
          delete(open, lease.superblock());
          try (PreparedStatement insert =
              open.prepareStatement("INSERT INTO lease VALUES (?, ?)")) {
            insert.setString(1, lease.superblock());
            insert.setString(2, lease.bootId());
            insert.executeUpdate();
          }
          try (PreparedStatement insert =
              open.prepareStatement("INSERT INTO lease_blob VALUES (?, ?)")) {
            for (Digest blob : lease.blobs()) {
              insert.setString(1, lease.superblock());
              insert.setString(2, blob.toString());
              insert.executeUpdate();
            }
          }
          return true;
        });
  }

  /**
   * All leases, live or not.
   *
   * @return the leases in the order of their superblocks
   * @throws DamagedCatalogueException if a row cannot be right
   * @throws IOException if the medium fails
   */
  public List<Lease> list() throws IOException {
    return database.transaction(
        open -> {
          List<Lease> leases = new ArrayList<>();
          try (PreparedStatement query =
                  open.prepareStatement("SELECT * FROM lease ORDER BY superblock");
              ResultSet row = query.executeQuery()) {
            while (row.next()) {
              String superblock = row.getString("superblock");
              leases.add(
                  new Lease(superblock, row.getString("boot_id"), blobsOf(open, superblock)));
            }
          }
          return leases;
        });
  }

  boolean remove(Lease lease) throws IOException {
    return database.transaction(open -> delete(open, lease.superblock()));
  }

  private static Set<Digest> blobsOf(Connection open, String superblock) throws SQLException {
    Set<Digest> blobs = new HashSet<>();
    try (PreparedStatement query =
        open.prepareStatement("SELECT digest FROM lease_blob WHERE superblock = ?")) {
      query.setString(1, superblock);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          blobs.add(Digest.parse(row.getString(1)));
        }
      }
    }
    return blobs;
  }

  private static boolean delete(Connection open, String superblock) throws SQLException {
    try (PreparedStatement delete =
        open.prepareStatement("DELETE FROM lease WHERE superblock = ?")) {
      delete.setString(1, superblock);
      return delete.executeUpdate() > 0;
    }
  }
}
