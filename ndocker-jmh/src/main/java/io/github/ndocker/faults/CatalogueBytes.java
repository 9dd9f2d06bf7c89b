package io.github.ndocker.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Finds bytes of an SQLite file that belong to rows, not to free pages or to pages' own tables. */
final class CatalogueBytes {
  private static final int SHORTEST = 12;

  private CatalogueBytes() {}

  /** A byte of some column of some row, of each table alike. */
  static long anyOfARow(Path catalogue, Random random) throws IOException {
    List<List<byte[]>> tables = new ArrayList<>();
    try (Connection open = DriverManager.getConnection("jdbc:sqlite:" + catalogue);
        Statement statement = open.createStatement()) {
      // what was there before is in no page any more, and nothing is in the log
      statement.execute("VACUUM");
      statement.execute("PRAGMA wal_checkpoint(TRUNCATE)");
      for (String table : tables(statement)) {
        tables.add(columns(statement, table));
      }
    } catch (SQLException e) {
      throw new IOException("cannot read " + catalogue, e);
    }
    tables.removeIf(List::isEmpty);
    List<byte[]> columns = tables.get(random.nextInt(tables.size()));
    byte[] column = columns.get(random.nextInt(columns.size()));
    int begin = random.nextInt(column.length - SHORTEST + 1);
    String wanted = new String(column, begin, SHORTEST, ISO_8859_1);
    String file = new String(Files.readAllBytes(catalogue), ISO_8859_1);
    List<Integer> places = new ArrayList<>();
    for (int at = file.indexOf(wanted); at >= 0; at = file.indexOf(wanted, at + 1)) {
      places.add(at);
    }
    return places.isEmpty()
        ? anyOfARow(catalogue, random) // its bytes are on two pages
        : places.get(random.nextInt(places.size())) + random.nextInt(SHORTEST);
  }

  private static List<String> tables(Statement statement) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (ResultSet row =
        statement.executeQuery("SELECT name FROM sqlite_master WHERE type = 'table'")) {
      while (row.next()) {
        tables.add(row.getString(1));
      }
    }
    return tables;
  }

  private static List<byte[]> columns(Statement statement, String table) throws SQLException {
    List<byte[]> columns = new ArrayList<>();
    try (ResultSet row = statement.executeQuery("SELECT * FROM " + table)) {
      while (row.next()) {
        for (int column = 1; column <= row.getMetaData().getColumnCount(); column++) {
          Object value = row.getObject(column);
          byte[] bytes = value instanceof byte[] raw ? raw : String.valueOf(value).getBytes(UTF_8);
          if (bytes.length >= SHORTEST && !(value instanceof Number)) {
            columns.add(bytes);
          }
        }
      }
    }
    return columns;
  }
}
