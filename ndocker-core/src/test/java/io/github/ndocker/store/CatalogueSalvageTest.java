package io.github.ndocker.store;

import static io.github.ndocker.store.SampleRecords.digest;
import static io.github.ndocker.store.SampleRecords.image;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a new catalogue has of a damaged one, of this version or of an older one. */
class CatalogueSalvageTest {
  private static final int PAGE = 4096;
  private static final ImageRecord APP = image("app", 3);
  private static final ImageRecord SITE = image("site", 2);
  private static final ProfileRecord PROFILE = new ProfileRecord(APP.chainId(), "serve", "{}");
  private static final PromotionRecord PROMOTION =
      new PromotionRecord(APP.chainId(), List.of(digest("pack")), "{}");
  private static final Lease LEASE =
      new Lease("nd1", "boot", 0, Optional.empty(), Set.of(digest("a"), digest("b")), List.of());
  private static final Lease OTHER_LEASE =
      new Lease("nd2", "boot", 0, Optional.empty(), Set.of(digest("a")), List.of());
  private static final SplitBlob SPLIT = split("blob");
  private static final SplitBlob OTHER_SPLIT = split("other blob");

  @TempDir private Path state;

  private static SplitBlob split(String blob) {
    return new SplitBlob(
        digest(blob),
        digest("slow part of " + blob),
        digest("fast part of " + blob),
        SplitBlob.parseRuns("s1048576 f512"));
  }

  @BeforeEach
  void fill() throws IOException {
    try (Catalogue catalogue = Catalogue.open(state)) {
      catalogue.images().put(APP);
      catalogue.images().put(SITE);
      catalogue.profiles().put(PROFILE);
      catalogue.promotions().put(PROMOTION);
      catalogue.leases().put(LEASE);
      catalogue.leases().put(OTHER_LEASE);
      catalogue.splits().put(SPLIT);
      catalogue.splits().put(OTHER_SPLIT);
      catalogue.rebuilt();
    }
  }

  private static Set<SplitBlob> splitsOf(int version) {
    return version == 1 ? Set.of() : Set.of(SPLIT, OTHER_SPLIT);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void hasAllRowsIfOnlyAnIndexIsDamaged(int version) throws Exception {
    downgrade(version);
    damageAnIndex();
    assertThrows(DamagedCatalogueException.class, () -> Catalogue.open(state));
    try (Catalogue salvaged = Catalogue.replaceDamaged(state)) {
      assertTrue(salvaged.isIncomplete());
      assertEquals(List.of(APP, SITE), salvaged.images().list());
      assertEquals(List.of(PROFILE), salvaged.profiles().list());
      assertEquals(List.of(PROMOTION), salvaged.promotions().list());
      assertEquals(List.of(LEASE, OTHER_LEASE), salvaged.leases().list());
      assertEquals(splitsOf(version), Set.copyOf(salvaged.splits().list()));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void lacksOnlyTheRowsThatCannotBeRight(int version) throws Exception {
    downgrade(version);
    alter("UPDATE image SET manifest_digest = 'sha256:../../etc' WHERE reference = 'app'");
    alter("UPDATE lease_blob SET digest = '../../etc' WHERE digest = '" + digest("b") + "'");
    if (version > 1) {
      alter("UPDATE split SET runs = 'x1' WHERE blob = '" + digest("blob") + "'");
    }
    assertThrows(
        DamagedCatalogueException.class,
        () -> {
          try (Catalogue damaged = Catalogue.open(state)) {
            damaged.leases().list();
          }
        });
    try (Catalogue salvaged = Catalogue.replaceDamaged(state)) {
      assertEquals(List.of(SITE), salvaged.images().list());
      assertEquals(List.of(PROFILE), salvaged.profiles().list());
      assertEquals(List.of(PROMOTION), salvaged.promotions().list());
      assertEquals(List.of(OTHER_LEASE), salvaged.leases().list());
      assertEquals(version == 1 ? List.of() : List.of(OTHER_SPLIT), salvaged.splits().list());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void lacksOnlyTheTableThatCannotBeRead(int version) throws Exception {
    downgrade(version);
    overwrite(pageOf("lease"));
    try (Catalogue salvaged = Catalogue.replaceDamaged(state)) {
      assertEquals(List.of(APP, SITE), salvaged.images().list());
      assertEquals(List.of(PROFILE), salvaged.profiles().list());
      assertEquals(List.of(PROMOTION), salvaged.promotions().list());
      assertEquals(List.of(), salvaged.leases().list());
      assertEquals(splitsOf(version), Set.copyOf(salvaged.splits().list()));
    }
  }

  @Test
  void hasNothingOfAFileThatIsNoCatalogue() throws IOException {
    Files.writeString(state.resolve("catalogue.db"), "no database at all, but long ".repeat(200));
    assertThrows(DamagedCatalogueException.class, () -> Catalogue.open(state));
    try (Catalogue salvaged = Catalogue.replaceDamaged(state)) {
      assertTrue(salvaged.isIncomplete());
      assertEquals(List.of(), salvaged.images().list());
      salvaged.images().put(APP);
    }
  }

  @Test
  void hasTheRowsOfAllThatWereMovedAsideSinceTheLastRebuildThatEnded() throws Exception {
    try (Catalogue first = Catalogue.replaceDamaged(state)) {
      first.images().remove(APP.reference());
      first.images().put(image("restored", 1));
    }
    overwrite(pageOf("lease"));
    try (Catalogue second = Catalogue.replaceDamaged(state)) {
      assertEquals(List.of(APP, image("restored", 1), SITE), second.images().list());
      assertEquals(List.of(LEASE, OTHER_LEASE), second.leases().list());
    }
    Files.writeString(state.resolve("catalogue.db"), "no database at all, but long ".repeat(200));
    try (Catalogue third = Catalogue.replaceDamaged(state)) {
      assertEquals(3, third.images().list().size());
      assertEquals(List.of(LEASE, OTHER_LEASE), third.leases().list());
      third.rebuilt();
      third.images().remove(APP.reference());
    }
    try (Catalogue fourth = Catalogue.replaceDamaged(state)) {
      assertEquals(List.of(image("restored", 1), SITE), fourth.images().list());
    }
  }

  @Test
  void hasTheNewerOfTwoRowsOfOneName() throws IOException {
    Lease newer =
        new Lease("nd1", "next boot", 0, Optional.empty(), Set.of(digest("c")), List.of());
    try (Catalogue first = Catalogue.replaceDamaged(state)) {
      first.leases().put(newer);
    }
    try (Catalogue second = Catalogue.replaceDamaged(state)) {
      assertEquals(List.of(newer, OTHER_LEASE), second.leases().list());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"\u00ff\u00fe", "../catalogue.db.damaged-1", "catalogue.db.damaged-12"})
  void isToBeMadeAgainIfTheMarkNamesNoCatalogue(String mark) throws IOException {
    Path file = state.resolve("catalogue.db.incomplete");
    Files.writeString(file, mark, ISO_8859_1);
    try (Catalogue catalogue = Catalogue.open(state)) {
      assertTrue(catalogue.isIncomplete());
      assertEquals(List.of(APP, SITE), catalogue.images().list());
    }
    try (Catalogue salvaged = Catalogue.replaceDamaged(state)) {
      assertEquals(List.of(APP, SITE), salvaged.images().list());
      salvaged.rebuilt();
    }
    assertFalse(Files.exists(file));
  }

  @Test
  void hasWhatIsStillInTheJournalOfTheOneThatIsMovedAside() throws IOException {
    Path copy = Files.createDirectory(state.resolve("copy"));
    try (Catalogue open = Catalogue.open(state)) {
      open.images().put(image("last", 1));
      // as a process leaves it that is killed now
      for (String file : List.of("catalogue.db", "catalogue.db-wal")) {
        Files.copy(state.resolve(file), copy.resolve(file));
      }
    }
    try (Catalogue salvaged = Catalogue.replaceDamaged(copy)) {
      assertEquals(List.of(APP, image("last", 1), SITE), salvaged.images().list());
    }
    // one of a catalogue that was lost meanwhile is of no use to the one that was moved aside
    Files.delete(copy.resolve("catalogue.db"));
    Files.write(copy.resolve("catalogue.db-wal"), new byte[PAGE]);
    Path mark = copy.resolve("catalogue.db.incomplete");
    Files.write(copy.resolve(Files.readString(mark).strip() + "-wal"), new byte[0]);
    try (Catalogue salvaged = Catalogue.open(copy)) {
      assertEquals(List.of(APP, image("last", 1), SITE), salvaged.images().list());
    }
  }

  private void downgrade(int version) throws SQLException {
    if (version < 4) {
      OldCatalogue.downgrade(state, version);
    }
  }

  private void alter(String statement) throws SQLException {
    OldCatalogue.alter(state, statement);
  }

  /** So that the entry of a row leads nowhere. */
  private void damageAnIndex() throws IOException {
    Path file = state.resolve("catalogue.db");
    String bytes = Files.readString(file, ISO_8859_1);
    String value = PROFILE.image() + "serve";
    int index = bytes.indexOf(value);
    int row = bytes.indexOf(value, index + 1);
    assertTrue(index >= 0 && row >= 0, "no row and no index");
    try (RandomAccessFile changed = new RandomAccessFile(file.toFile(), "rw")) {
      changed.seek(Math.max(index, row) + value.length() - 1);
      changed.write('f');
    }
  }

  private long pageOf(String table) throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + state.resolve("catalogue.db"));
        Statement query = other.createStatement();
        ResultSet row =
            query.executeQuery("SELECT rootpage FROM sqlite_schema WHERE name = '" + table + "'")) {
      return row.getLong(1);
    }
  }

  private void overwrite(long page) throws IOException {
    try (RandomAccessFile changed =
        new RandomAccessFile(state.resolve("catalogue.db").toFile(), "rw")) {
      changed.seek((page - 1) * PAGE);
      for (int i = 0; i < PAGE; i++) {
        changed.write('Z');
      }
    }
  }
}
