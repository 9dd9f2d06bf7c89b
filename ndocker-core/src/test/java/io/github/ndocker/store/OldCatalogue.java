package io.github.ndocker.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Makes a catalogue what one of an older version would be, with the same rows. */
final class OldCatalogue {
  private static final List<String> SINCE_VERSION_3 =
      List.of(
          "DROP TABLE retired",
          "DROP TABLE move",
          "DROP TABLE lease_range",
          "ALTER TABLE image DROP COLUMN document",
          "ALTER TABLE profile DROP COLUMN document",
          "ALTER TABLE promotion DROP COLUMN document",
          "ALTER TABLE lease DROP COLUMN checksum",
          "ALTER TABLE lease DROP COLUMN loop_file",
          "ALTER TABLE split DROP COLUMN checksum");

  private OldCatalogue() {}

  static void downgrade(Path stateDirectory, int version) throws SQLException {
    List<String> statements = new ArrayList<>(List.of("DROP TABLE starts"));
    if (version < 4) {
      statements.add("ALTER TABLE lease DROP COLUMN inode");
    }
    if (version < 3) {
      statements.addAll(SINCE_VERSION_3);
    }
    if (version < 2) {
      statements.add("DROP TABLE split");
    }
    statements.add("PRAGMA user_version = " + version);
    for (String statement : statements) {
      alter(stateDirectory, statement);
    }
  }

  static void alter(Path stateDirectory, String statement) throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + stateDirectory.resolve("catalogue.db"));
        Statement change = other.createStatement()) {
      change.execute(statement);
    }
  }
}
