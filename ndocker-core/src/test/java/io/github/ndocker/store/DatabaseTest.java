package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DatabaseTest {
  private static final List<List<SchemaStep>> SCHEMAS =
      List.of(List.of(SchemaStep.sql("CREATE TABLE word (text TEXT UNIQUE) STRICT;")));

  @TempDir Path directory;

  private Database open() throws IOException {
    return Database.open(directory.resolve("words.db"), SCHEMAS);
  }

  private static int add(Connection open, String word) throws SQLException {
    try (Statement statement = open.createStatement()) {
      return statement.executeUpdate("INSERT INTO word VALUES ('" + word + "')");
    }
  }

  private static int count(Connection open) throws SQLException {
    try (Statement statement = open.createStatement();
        ResultSet row = statement.executeQuery("SELECT count(*) FROM word")) {
      return row.getInt(1);
    }
  }

  @Test
  void goesOnWithWholeTransactionsAfterTheMediumHasFailed() throws IOException {
    try (Database database = open()) {
      IOException failure =
          assertThrows(
              IOException.class,
              () ->
                  database.transaction(
                      open -> {
                        add(open, "first");
                        try (Statement statement = open.createStatement()) {
                          // as SQLite does by itself
                          statement.execute("ROLLBACK");
                        }
                        throw new IOException("disk I/O error");
                      }));
      assertEquals("disk I/O error", failure.getMessage());
      assertThrows(
          IOException.class,
          () ->
              database.transaction(
                  open -> {
                    add(open, "second");
                    throw new IOException("changed its mind");
                  }));
      assertEquals(0, database.transaction(DatabaseTest::count));
      database.transaction(open -> add(open, "third"));
      assertEquals(1, database.transaction(DatabaseTest::count));
    }
  }

  @Test
  void findsAnIndexThatDoesNotLeadToItsRow() throws IOException {
    try (Database database = open()) {
      database.transaction(open -> add(open, "a-word-to-be-found"));
    }
    Path file = directory.resolve("words.db");
    String bytes = Files.readString(file, ISO_8859_1);
    int table = bytes.indexOf("a-word-to-be-found");
    int index = bytes.indexOf("a-word-to-be-found", table + 1);
    try (RandomAccessFile changed = new RandomAccessFile(file.toFile(), "rw")) {
      changed.seek(index);
      changed.write('b');
    }
    assertThrows(DamagedCatalogueException.class, this::open);
  }
}
