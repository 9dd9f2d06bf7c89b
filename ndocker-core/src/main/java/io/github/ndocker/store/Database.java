package io.github.ndocker.store;

import io.github.ndocker.api.NewerFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** The one connection to the catalogue's file, for one thread at a time. */
final class Database implements AutoCloseable {
  private static final Set<SQLiteErrorCode> DAMAGE =
      Set.of(
          SQLiteErrorCode.SQLITE_CORRUPT,
          SQLiteErrorCode.SQLITE_CORRUPT_INDEX,
          SQLiteErrorCode.SQLITE_CORRUPT_SEQUENCE,
          SQLiteErrorCode.SQLITE_CORRUPT_VTAB,
          SQLiteErrorCode.SQLITE_NOTADB,
          SQLiteErrorCode.SQLITE_FORMAT,
          SQLiteErrorCode.SQLITE_SCHEMA,
          SQLiteErrorCode.SQLITE_MISMATCH);

  private static final Logger LOG = LoggerFactory.getLogger(Database.class);

  private final Path file;
  private final Connection connection;
  private final boolean lenient;

  private Database(Path file, Connection connection, boolean lenient) {
    this.file = file;
    this.connection = connection;
    this.lenient = lenient;
  }

  /**
   * Opens the file, creates it, or brings it to the newest version.
   *
   * @param schemas what each version adds to the one before, in steps that do without one another;
   *     the last one is the newest
   * @throws DamagedCatalogueException if it is not a catalogue or is damaged
   * @throws NewerFormatException if a newer version wrote it
   */
  static Database open(Path file, List<List<SchemaStep>> schemas) throws IOException {
    createPrivate(file);
    SQLiteConfig config = new SQLiteConfig();
    config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    // FULL: what was acknowledged survives a power cut
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    config.enforceForeignKeys(true);
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    try {
      Database database = new Database(file, config.createConnection("jdbc:sqlite:" + file), false);
      boolean ready = false;
      try {
        database.prepare(schemas);
        ready = true;
        return database;
      } finally {
        if (!ready) {
          database.close();
        }
      }
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  /**
   * Opens a damaged file, to see which of its rows are still good: those that are not are left out
   * wherever rows are read. One of an older version is brought up to date as far as that goes: a
   * table that cannot be changed costs no other.
   */
  static Database openDamaged(Path file, List<List<SchemaStep>> schemas) throws IOException {
    SQLiteConfig config = new SQLiteConfig();
    config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED);
    try {
      Database database = new Database(file, config.createConnection("jdbc:sqlite:" + file), true);
      try {
        int found = database.transaction(database::versionOf);
        for (String table : database.transaction(Database::tables)) {
          // an index that does not lead to its rows hides them, from changes too
          database.attempt(SchemaStep.sql("REINDEX \"" + table.replace("\"", "\"\"") + "\""));
        }
        for (int version = Math.max(1, found) + 1; version <= schemas.size(); version++) {
          for (SchemaStep step : schemas.get(version - 1)) {
            database.attempt(step);
          }
          database.upgrade(version, List.of());
        }
      } catch (IOException e) {
        LOG.warn("{} cannot be brought up to date: {}", file, e.getMessage());
      }
      return database;
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  /** All rows of a query, each checked by its reader. */
  <T> List<T> rows(PreparedStatement query, RowReader<T> reader) throws SQLException {
    List<T> rows = new ArrayList<>();
    try (ResultSet row = query.executeQuery()) {
      while (row.next()) {
        try {
          rows.add(reader.read(row));
        } catch (IllegalArgumentException e) {
          if (!lenient) {
            throw e;
          }
          LOG.warn("left out of {}: {}", file, e.getMessage());
        }
      }
    }
    return rows;
  }

  /** Makes a value of a row, and checks that it is the one that was put there. */
  @FunctionalInterface
  interface RowReader<T> {
    T read(ResultSet row) throws SQLException;
  }

  private static void createPrivate(Path file) throws IOException {
    if (!Files.exists(file)) {
      // before SQLite does it with the umask of the host; its journals take over the mode
      Files.newByteChannel(
              file,
              Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
          .close();
    }
  }

  private void prepare(List<List<SchemaStep>> schemas) throws IOException {
    int found = transaction(this::versionOf);
    if (found > schemas.size()) {
      throw new NewerFormatException("the catalogue " + file, found, schemas.size());
    }
    if (found > 0) {
      transaction(this::check); // before anything is changed of a damaged one
    }
    for (int version = Math.max(0, found) + 1; version <= schemas.size(); version++) {
      upgrade(version, schemas.get(version - 1));
    }
  }

  private void attempt(SchemaStep step) {
    try {
      transaction(
          open -> {
            step.apply(open);
            return true;
          });
    } catch (IOException e) {
      LOG.warn("a table of {} stays as it is: {}", file, e.getMessage());
    }
  }

  private void upgrade(int version, List<SchemaStep> steps) throws IOException {
    transaction(
        open -> {
          for (SchemaStep step : steps) {
            step.apply(open);
          }
          try (Statement statement = open.createStatement()) {
            statement.execute("PRAGMA user_version = " + version);
          }
          return true;
        });
  }

  private int versionOf(Connection open) throws SQLException {
    try (Statement statement = open.createStatement();
        ResultSet row = statement.executeQuery("PRAGMA user_version")) {
      return row.next() ? row.getInt(1) : 0;
    }
  }

  private static List<String> tables(Connection open) throws SQLException {
    List<String> tables = new ArrayList<>();
    try (Statement statement = open.createStatement();
        ResultSet row =
            statement.executeQuery("SELECT name FROM sqlite_schema WHERE type = 'table'")) {
      while (row.next()) {
        tables.add(row.getString(1));
      }
    }
    return tables;
  }

  private boolean check(Connection open) throws SQLException, DamagedCatalogueException {
    try (Statement statement = open.createStatement();
        // not quick_check, which misses an index that does not lead to its row
        ResultSet row = statement.executeQuery("PRAGMA integrity_check(1)")) {
      String verdict = row.next() ? row.getString(1) : "no answer";
      if (!"ok".equals(verdict)) {
        throw damaged(verdict);
      }
      return true;
    }
  }

  /** Does the work in one transaction: all of it, or nothing if it throws. */
  synchronized <T> T transaction(Work<T> work) throws IOException {
    try {
      connection.setAutoCommit(false);
      T result;
      try {
        result = work.apply(connection);
        connection.commit();
      } catch (IllegalArgumentException e) {
        abandon(e);
        // value types check what they are made of
        throw damaged(String.valueOf(e.getMessage()), e);
      } catch (SQLException | IOException | RuntimeException | Error e) {
        abandon(e);
        throw e;
      }
      connection.setAutoCommit(true);
      return result;
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  /**
   * Ends a transaction. SQLite has done that itself if the medium failed or is full; JDBC must hear
   * of it all the same, or it would begin no transaction any more.
   */
  private void abandon(Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
    try {
      connection.setAutoCommit(true);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  private DamagedCatalogueException damaged(String what) {
    return new DamagedCatalogueException(advice(file, what));
  }

  private DamagedCatalogueException damaged(String what, Throwable cause) {
    return new DamagedCatalogueException(advice(file, what), cause);
  }

  private static String advice(Path file, String what) {
    return "the catalogue "
        + file
        + " is damaged ("
        + what
        + "); 'ndocker fsck --repair' makes it again from what the slow tier holds";
  }

  private static IOException failure(Path file, SQLException e) {
    if (e instanceof SQLiteException sqlite && DAMAGE.contains(sqlite.getResultCode())) {
      return new DamagedCatalogueException(advice(file, String.valueOf(e.getMessage())), e);
    }
    return new IOException("the catalogue " + file + " failed: " + e.getMessage(), e);
  }

  @Override
  public synchronized void close() throws IOException {
    try {
      connection.close();
    } catch (SQLException e) {
      throw failure(file, e);
    }
  }

  /** Statements that belong together. */
  interface Work<T> {
    T apply(Connection connection) throws SQLException, IOException;
  }
}
