package io.github.ndocker.store;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Tier;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.util.ArrayList;
import java.util.List;

/**
 * The moves of a catalogue that are still to be made, one for each blob at most. A row is there
 * until its move is made, cancelled or given up. Thread-safe.
 */
final class MoveTable {
  static final String SCHEMA =
      """
      CREATE TABLE move (
        blob TEXT PRIMARY KEY NOT NULL,
        target TEXT NOT NULL,
        priority INTEGER NOT NULL,
        position INTEGER NOT NULL,
        checksum TEXT NOT NULL
      ) STRICT;
      """;

  private final Database database;

  MoveTable(Database database) {
    this.database = database;
  }

  /** Adds a move, or replaces the one of the same blob. */
  void put(WantedMove move) throws IOException {
    database.transaction(
        open -> {
          try (PreparedStatement insert =
              open.prepareStatement("INSERT OR REPLACE INTO move VALUES (?, ?, ?, ?, ?)")) {
            insert.setString(1, move.blob().toString());
            insert.setString(2, move.target().name());
            insert.setInt(3, move.priority());
            insert.setLong(4, move.order());
            insert.setString(5, checksum(move));
            return insert.executeUpdate();
          }
        });
  }

  boolean remove(Digest blob) throws IOException {
    return database.transaction(
        open -> {
          try (PreparedStatement delete =
              open.prepareStatement("DELETE FROM move WHERE blob = ?")) {
            delete.setString(1, blob.toString());
            return delete.executeUpdate() > 0;
          }
        });
  }

  /**
   * All moves, the next one first.
   *
   * @throws DamagedCatalogueException if a row cannot be right
   * @throws IOException if the medium fails
   */
  List<WantedMove> list() throws IOException {
    return database.transaction(
        open -> {
          List<WantedMove> moves;
          try (PreparedStatement query = open.prepareStatement("SELECT * FROM move")) {
            moves =
                new ArrayList<>(
                    database.rows(
                        query,
                        row -> {
                          WantedMove move =
                              new WantedMove(
                                  Digest.parse(row.getString("blob")),
                                  Tier.valueOf(row.getString("target")),
                                  row.getInt("priority"),
                                  row.getLong("position"));
                          RowChecksum.require(
                              row.getString("checksum"),
                              checksum(move),
                              "the move of " + move.blob());
                          return move;
                        }));
          }
          moves.sort(WantedMove.NEXT_FIRST);
          return moves;
        });
  }

  private static String checksum(WantedMove move) {
    return RowChecksum.of(
        List.of(
            move.blob().toString(),
            move.target().name(),
            Integer.toString(move.priority()),
            Long.toString(move.order())));
  }
}
