package io.github.ndocker.store;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The images of a catalogue, one per reference. Thread-safe. */
public final class ImageTable {
  private static final Logger LOG = LoggerFactory.getLogger(ImageTable.class);

  static final String SCHEMA =
      """
      CREATE TABLE image (
        reference TEXT PRIMARY KEY NOT NULL,
        manifest_digest TEXT NOT NULL,
        chain_id TEXT NOT NULL,
        manifest BLOB NOT NULL,
        config BLOB NOT NULL,
        deployed_at INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE image_layer (
        reference TEXT NOT NULL REFERENCES image (reference) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        compressed_digest TEXT NOT NULL,
        compressed_bytes INTEGER NOT NULL,
        diff_id TEXT NOT NULL,
        PRIMARY KEY (reference, position)
      ) STRICT;
      """;

  /** The digest of each image's document: a checksum of the row, and the name of its blob. */
  static final SchemaStep CHECKSUMS =
      SchemaStep.sql("ALTER TABLE image ADD COLUMN document TEXT NOT NULL DEFAULT ''")
          .then(ImageTable::addDocuments);

  /** The columns that make a {@link Layer}. */
  private static final String LAYER = "position, compressed_digest, compressed_bytes, diff_id";

  private final Database database;

  ImageTable(Database database) {
    this.database = database;
  }

  /**
   * Keeps an image, in place of the one that had its reference.
   *
   * @param image the image
   * @throws IOException if the medium fails; the catalogue is as before then
   */
  public void put(ImageRecord image) throws IOException {
    database.transaction(
        open -> {
          delete(open, image.reference());
          try (PreparedStatement insert =
              open.prepareStatement("INSERT INTO image VALUES (?, ?, ?, ?, ?, ?, ?)")) {
            insert.setString(1, image.reference());
            insert.setString(2, image.manifestDigest().toString());
            insert.setString(3, image.chainId().toString());
            insert.setBytes(4, image.manifest());
            insert.setBytes(5, image.config());
            insert.setLong(6, image.deployedAt().toEpochMilli());
            insert.setString(7, image.documentDigest().toString());
            insert.executeUpdate();
          }
          insertLayers(open, image);
          return true;
        });
  }

  private static void insertLayers(Connection open, ImageRecord image) throws SQLException {
    try (PreparedStatement insert =
        open.prepareStatement("INSERT INTO image_layer VALUES (?, ?, ?, ?, ?)")) {
      for (Layer layer : image.layers()) {
        insert.setString(1, image.reference());
        insert.setInt(2, layer.position());
        insert.setString(3, layer.compressed().toString());
        insert.setLong(4, layer.compressedBytes());
        insert.setString(5, layer.diffId().toString());
        insert.executeUpdate();
      }
    }
  }

  /**
   * Looks an image up.
   *
   * @param reference the name it was deployed under
   * @return the image, or empty if there is none
   * @throws DamagedCatalogueException if its row cannot be right
   * @throws IOException if the medium fails
   */
  public Optional<ImageRecord> find(String reference) throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT * FROM image WHERE reference = ?")) {
            query.setString(1, reference);
            return read(query, of -> layersOf(open, of)).stream().findFirst();
          }
        });
  }

  /**
   * Looks for an image by its manifest.
   *
   * @param manifest the digest of the manifest
   * @return one that has it, under whatever name, or empty if there is none
   * @throws DamagedCatalogueException if its row cannot be right
   * @throws IOException if the medium fails
   */
  public Optional<ImageRecord> withManifest(Digest manifest) throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT * FROM image WHERE manifest_digest = ? LIMIT 1")) {
            query.setString(1, manifest.toString());
            return read(query, of -> layersOf(open, of)).stream().findFirst();
          }
        });
  }

  /**
   * Whether an image has these layers.
   *
   * @param chain the chain ID of the layers
   * @return true if one has, under whatever name
   * @throws IOException if the medium fails
   */
  public boolean hasChain(ChainId chain) throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT 1 FROM image WHERE chain_id = ? LIMIT 1")) {
            query.setString(1, chain.toString());
            try (ResultSet row = query.executeQuery()) {
              return row.next();
            }
          }
        });
  }

  /**
   * The chain IDs of all images.
   *
   * @return each once
   * @throws DamagedCatalogueException if one cannot be right
   * @throws IOException if the medium fails
   */
  public Set<ChainId> chains() throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT DISTINCT chain_id FROM image")) {
            return new HashSet<>(
                database.rows(query, row -> new ChainId(Digest.parse(row.getString("chain_id")))));
          }
        });
  }

  /**
   * All images.
   *
   * @return the images in the order of their references
   * @throws DamagedCatalogueException if a row cannot be right
   * @throws IOException if the medium fails
   */
  public List<ImageRecord> list() throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement query =
              open.prepareStatement("SELECT * FROM image ORDER BY reference")) {
            // one query for the layers of all, not one for each
            Map<String, List<Layer>> layers = layersOfAll(open);
            return read(query, reference -> layers.getOrDefault(reference, List.of()));
          }
        });
  }

  /**
   * Forgets an image.
   *
   * @param reference the name it was deployed under
   * @return false if there was none
   * @throws IOException if the medium fails
   */
  public boolean remove(String reference) throws IOException {
    return database.transaction(open -> delete(open, reference));
  }

  private static boolean delete(Connection open, String reference) throws SQLException {
    // layers first, and by themselves: a row without its image may be left of a damaged file
    try (PreparedStatement layers =
            open.prepareStatement("DELETE FROM image_layer WHERE reference = ?");
        PreparedStatement image = open.prepareStatement("DELETE FROM image WHERE reference = ?")) {
      layers.setString(1, reference);
      layers.executeUpdate();
      image.setString(1, reference);
      return image.executeUpdate() > 0;
    }
  }

  private static void addDocuments(Connection open) throws SQLException {
    try (PreparedStatement query = open.prepareStatement("SELECT * FROM image");
        ResultSet row = query.executeQuery();
        PreparedStatement update =
            open.prepareStatement("UPDATE image SET document = ? WHERE reference = ?")) {
      while (row.next()) {
        try {
          ImageRecord image = read(row, of -> layersOf(open, of));
          update.setString(1, image.documentDigest().toString());
          update.setString(2, image.reference());
          update.executeUpdate();
        } catch (IllegalArgumentException e) {
          // a row that cannot be right keeps its empty checksum, and is found by that
          LOG.warn("{}", e.getMessage());
        }
      }
    }
  }

  private List<ImageRecord> read(PreparedStatement query, Layers layers) throws SQLException {
    return database.rows(
        query,
        row -> {
          ImageRecord image = read(row, layers);
          RowChecksum.require(
              row.getString("document"), image.documentDigest().toString(), "image " + image);
          return image;
        });
  }

  private static ImageRecord read(ResultSet row, Layers layers) throws SQLException {
    String reference = row.getString("reference");
    return new ImageRecord(
        reference,
        Digest.parse(row.getString("manifest_digest")),
        new ChainId(Digest.parse(row.getString("chain_id"))),
        layers.of(reference),
        row.getBytes("manifest"),
        row.getBytes("config"),
        Instant.ofEpochMilli(row.getLong("deployed_at")));
  }

  /** The layers of an image, from the bottom up. */
  @FunctionalInterface
  private interface Layers {
    List<Layer> of(String reference) throws SQLException;
  }

  private static Map<String, List<Layer>> layersOfAll(Connection open) throws SQLException {
    Map<String, List<Layer>> layers = new HashMap<>();
    try (PreparedStatement query =
            open.prepareStatement(
                "SELECT " + LAYER + ", reference FROM image_layer ORDER BY reference, position");
        ResultSet row = query.executeQuery()) {
      while (row.next()) {
        layers.computeIfAbsent(row.getString(5), reference -> new ArrayList<>()).add(layer(row));
      }
    }
    return layers;
  }

  /** By number, which is several times faster than by name, and there are many. */
  private static Layer layer(ResultSet row) throws SQLException {
    return new Layer(
        row.getInt(1),
        Digest.parse(row.getString(2)),
        row.getLong(3),
        DiffId.parse(row.getString(4)));
  }

  private static List<Layer> layersOf(Connection open, String reference) throws SQLException {
    List<Layer> layers = new ArrayList<>();
    try (PreparedStatement query =
        open.prepareStatement(
            "SELECT " + LAYER + " FROM image_layer WHERE reference = ? ORDER BY position")) {
      query.setString(1, reference);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          layers.add(layer(row));
        }
      }
    }
    return layers;
  }
}
