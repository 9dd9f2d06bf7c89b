package io.github.ndocker.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The page shows what the code computes. */
class PlacementPageTest {
  private static final Path PAGE =
      Path.of("").toAbsolutePath().resolveSibling("src-docs").resolve("placement.md");

  @Test
  void thePageHasTheTablesOfTheSimulation() throws IOException {
    String page = Files.readString(PAGE);
    assertEquals(PlacementTables.paper(), shown(page, "paper"));
    assertEquals(PlacementTables.pipelined(), shown(page, "pipelined"));
  }

  private static String shown(String page, String table) {
    String before = "<!-- " + table + " -->\n";
    int from = page.indexOf(before) + before.length();
    assertTrue(from >= before.length(), "the page has no table '" + table + "'");
    return page.substring(from, page.indexOf("<!-- end -->", from));
  }
}
