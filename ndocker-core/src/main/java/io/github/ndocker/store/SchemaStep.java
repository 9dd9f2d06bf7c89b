package io.github.ndocker.store;

import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** What a version of the catalogue's schema changes of the one before. */
@FunctionalInterface
interface SchemaStep {
  void apply(Connection open) throws SQLException, IOException;

  /** Definitions, each ended by a semicolon. */
  static SchemaStep sql(String definitions) {
    return open -> {
      try (Statement statement = open.createStatement()) {
        for (String definition : definitions.split(";", -1)) {
          if (!definition.isBlank()) {
            statement.execute(definition);
          }
        }
      }
    };
  }

  default SchemaStep then(SchemaStep other) {
    return open -> {
      apply(open);
      other.apply(open);
    };
  }
}
