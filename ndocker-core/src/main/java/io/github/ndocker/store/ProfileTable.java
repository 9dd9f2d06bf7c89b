package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.Digest;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The profiles of a catalogue, one per image and workload. Thread-safe. */
public final class ProfileTable {
  private static final Logger LOG = LoggerFactory.getLogger(ProfileTable.class);

  static final String SCHEMA =
      """
      CREATE TABLE profile (
        chain_id TEXT NOT NULL,
        workload TEXT NOT NULL,
        json TEXT NOT NULL,
        PRIMARY KEY (chain_id, workload)
      ) STRICT;
      """;

  /** The digest of each row's document: a checksum of the row, and the name of its blob. */
  static final SchemaStep CHECKSUMS =
      SchemaStep.sql("ALTER TABLE profile ADD COLUMN document TEXT NOT NULL DEFAULT ''")
          .then(ProfileTable::addDocuments);

  private final Database database;

  ProfileTable(Database database) {
    this.database = database;
  }

  /**
   * Keeps a profile, in place of the one of the same image and workload.
   *
   * @param profile the profile
   * @throws IOException if the medium fails; the catalogue is as before then
   */
  public void put(ProfileRecord profile) throws IOException {
    database.transaction(
        open -> {
          try (PreparedStatement insert =
              open.prepareStatement("INSERT OR REPLACE INTO profile VALUES (?, ?, ?, ?)")) {
            insert.setString(1, profile.image().toString());
            insert.setString(2, profile.workload());
            insert.setString(3, profile.json());
            insert.setString(4, profile.documentDigest().toString());
            return insert.executeUpdate();
          }
        });
  }

  /**
   * Looks a profile up.
   *
   * @param image the chain ID of the image's layers
   * @param workload the name of what was started
   * @return the profile, or empty if there is none
   * @throws DamagedCatalogueException if its row cannot be right
   * @throws IOException if the medium fails
   */
  public Optional<ProfileRecord> find(ChainId image, String workload) throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT * FROM profile WHERE chain_id = ? AND workload = ?")) {
            query.setString(1, image.toString());
            query.setString(2, workload);
            return read(query).stream().findFirst();
          }
        });
  }

  /**
   * The profiles of one image.
   *
   * @param image the chain ID of the image's layers
   * @return the profiles in the order of workloads
   * @throws DamagedCatalogueException if a row cannot be right
   * @throws IOException if the medium fails
   */
  public List<ProfileRecord> of(ChainId image) throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT * FROM profile WHERE chain_id = ? ORDER BY workload")) {
            query.setString(1, image.toString());
            return read(query);
          }
        });
  }

  /**
   * The profiles of all images.
   *
   * @return the profiles in the order of chain ID and workload
   * @throws DamagedCatalogueException if a row cannot be right
   * @throws IOException if the medium fails
   */
  public List<ProfileRecord> list() throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT * FROM profile ORDER BY chain_id, workload")) {
            return read(query);
          }
        });
  }

  /**
   * Which profiles there are of all images. Their documents are not read, so damage of one is not
   * noticed.
   *
   * @return in the order of chain ID and workload
   * @throws DamagedCatalogueException if a row cannot be right
   * @throws IOException if the medium fails
   */
  public List<ProfileVersion> versions() throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement(
                  "SELECT chain_id, workload, document FROM profile ORDER BY chain_id, workload")) {
            return database.rows(
                query,
                row ->
                    new ProfileVersion(
                        new ChainId(Digest.parse(row.getString("chain_id"))),
                        row.getString("workload"),
                        Digest.parse(row.getString("document"))));
          }
        });
  }

  /**
   * Forgets a profile.
   *
   * @param image the chain ID of the image's layers
   * @param workload the name of what was started
   * @return false if there was none
   * @throws IOException if the medium fails
   */
  public boolean remove(ChainId image, String workload) throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement delete =
              open.prepareStatement("DELETE FROM profile WHERE chain_id = ? AND workload = ?")) {
            delete.setString(1, image.toString());
            delete.setString(2, workload);
            return delete.executeUpdate() > 0;
          }
        });
  }

  private static void addDocuments(Connection open) throws SQLException {
    try (PreparedStatement query = open.prepareStatement("SELECT * FROM profile");
        ResultSet row = query.executeQuery();
        PreparedStatement update =
            open.prepareStatement(
                "UPDATE profile SET document = ? WHERE chain_id = ? AND workload = ?")) {
      while (row.next()) {
        try {
          ProfileRecord profile = read(row);
          update.setString(1, profile.documentDigest().toString());
          update.setString(2, profile.image().toString());
          update.setString(3, profile.workload());
          update.executeUpdate();
        } catch (IllegalArgumentException e) {
          // a row that cannot be right keeps its empty checksum, and is found by that
          LOG.warn("{}", e.getMessage());
        }
      }
    }
  }

  private List<ProfileRecord> read(PreparedStatement query) throws SQLException {
    return database.rows(
        query,
        row -> {
          ProfileRecord profile = read(row);
          RowChecksum.require(
              row.getString("document"),
              profile.documentDigest().toString(),
              "profile " + profile.workload());
          return profile;
        });
  }

  private static ProfileRecord read(ResultSet row) throws SQLException {
    return new ProfileRecord(
        new ChainId(Digest.parse(row.getString("chain_id"))),
        row.getString("workload"),
        row.getString("json"));
  }
}
