package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The leases of a catalogue, one per superblock. Thread-safe. */
public final class LeaseTable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseTable.class);

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

  static final SchemaStep CHECKSUMS =
      SchemaStep.sql(
              """
              ALTER TABLE lease ADD COLUMN loop_file TEXT;
              ALTER TABLE lease ADD COLUMN checksum TEXT NOT NULL DEFAULT '';
              CREATE TABLE lease_range (
                superblock TEXT NOT NULL REFERENCES lease (superblock) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                file TEXT NOT NULL,
                first_byte INTEGER NOT NULL,
                bytes INTEGER NOT NULL,
                PRIMARY KEY (superblock, position)
              ) STRICT;
              """)
          .then(LeaseTable::addChecksums);

  static final SchemaStep INODES =
      SchemaStep.sql("ALTER TABLE lease ADD COLUMN inode INTEGER NOT NULL DEFAULT 0");

  private final Database database;

  LeaseTable(Database database) {
    this.database = database;
  }

  void put(Lease lease) throws IOException {
    database.transaction(
        open -> {
          put(open, lease);
          return true;
        });
  }

  private static void put(Connection open, Lease lease) throws SQLException {
    delete(open, lease.superblock());
    try (PreparedStatement insert =
        open.prepareStatement(
            "INSERT INTO lease (superblock, boot_id, loop_file, checksum, inode)"
                + " VALUES (?, ?, ?, ?, ?)")) {
      insert.setString(1, lease.superblock());
      insert.setString(2, lease.bootId());
      insert.setString(3, lease.loopFile().orElse(null));
      insert.setString(4, RowChecksum.of(fields(lease)));
      insert.setLong(5, lease.inode());
      insert.executeUpdate();
    }
    try (PreparedStatement insert = open.prepareStatement("INSERT INTO lease_blob VALUES (?, ?)")) {
      for (Digest blob : lease.blobs()) {
        insert.setString(1, lease.superblock());
        insert.setString(2, blob.toString());
        insert.executeUpdate();
      }
    }
    try (PreparedStatement insert =
        open.prepareStatement("INSERT INTO lease_range VALUES (?, ?, ?, ?, ?)")) {
      for (int i = 0; i < lease.ranges().size(); i++) {
        Lease.Range range = lease.ranges().get(i);
        insert.setString(1, lease.superblock());
        insert.setInt(2, i);
        insert.setString(3, range.file().toString());
        insert.setLong(4, range.offset());
        insert.setLong(5, range.length());
        insert.executeUpdate();
      }
    }
  }

  private static List<String> fields(Lease lease) {
    List<String> fields = new ArrayList<>();
    fields.add(lease.superblock());
    fields.add(lease.bootId());
    fields.add(lease.loopFile().orElse(""));
    lease.blobs().stream().map(Digest::toString).sorted().forEach(fields::add);
    for (Lease.Range range : lease.ranges()) {
      fields.add(range.file().toString());
      fields.add(Long.toString(range.offset()));
      fields.add(Long.toString(range.length()));
    }
    if (lease.inode() != 0) {
      // the rows of before have no such field, and their checksums stay as they are
      fields.add("inode " + lease.inode());
    }
    return fields;
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
          try (PreparedStatement query =
              open.prepareStatement("SELECT * FROM lease ORDER BY superblock")) {
            return database.rows(
                query,
                row -> {
                  Lease lease = read(open, row);
                  RowChecksum.require(
                      row.getString("checksum"),
                      RowChecksum.of(fields(lease)),
                      "lease " + lease.superblock());
                  return lease;
                });
          }
        });
  }

  private static void addChecksums(Connection open) throws SQLException {
    try (PreparedStatement query = open.prepareStatement("SELECT *, 0 AS inode FROM lease");
        ResultSet row = query.executeQuery();
        PreparedStatement update =
            open.prepareStatement("UPDATE lease SET checksum = ? WHERE superblock = ?")) {
      while (row.next()) {
        try {
          Lease lease = read(open, row);
          update.setString(1, RowChecksum.of(fields(lease)));
          update.setString(2, lease.superblock());
          update.executeUpdate();
        } catch (IllegalArgumentException e) {
          // a row that cannot be right keeps its empty checksum, and is found by that
          LOG.warn("{}", e.getMessage());
        }
      }
    }
  }

  private static Lease read(Connection open, ResultSet row) throws SQLException {
    String superblock = row.getString("superblock");
    return new Lease(
        superblock,
        row.getString("boot_id"),
        row.getLong("inode"),
        Optional.ofNullable(row.getString("loop_file")),
        blobsOf(open, superblock),
        rangesOf(open, superblock));
  }

  private static List<Lease.Range> rangesOf(Connection open, String superblock)
      throws SQLException {
    List<Lease.Range> ranges = new ArrayList<>();
    try (PreparedStatement query =
        open.prepareStatement("SELECT * FROM lease_range WHERE superblock = ? ORDER BY position")) {
      query.setString(1, superblock);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          ranges.add(
              new Lease.Range(
                  Path.of(row.getString("file")), row.getLong("first_byte"), row.getLong("bytes")));
        }
      }
    }
    return ranges;
  }

  void removeAll(List<Lease> leases) throws IOException {
    database.transaction(
        open -> {
          for (Lease lease : leases) {
            delete(open, lease.superblock());
          }
          return true;
        });
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

  private static void delete(Connection open, String superblock) throws SQLException {
    try (PreparedStatement delete =
        open.prepareStatement("DELETE FROM lease WHERE superblock = ?")) {
      delete.setString(1, superblock);
      delete.executeUpdate();
    }
  }
}
