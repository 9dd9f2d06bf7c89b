package io.github.ndocker.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.spi.BlobTierContractTest;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.StartsRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StartLedgerTest {
  private static final ImageRecord IMAGE = image("image");
  private static final ImageRecord OTHER = image("other");
  private static final ChainId CHAIN = IMAGE.chainId();

  @TempDir Path directory;
  private Catalogue catalogue;
  private StartLedger ledger;

  @BeforeEach
  void open() throws IOException {
    catalogue = Catalogue.open(directory);
    catalogue.images().put(IMAGE);
    ledger = reopened();
  }

  @AfterEach
  void close() throws IOException {
    catalogue.close();
  }

  private StartLedger reopened() throws IOException {
    return StartLedger.open(catalogue, Optional.of(Duration.ofDays(1)));
  }

  private static ImageRecord image(String name) {
    Digest digest = BlobTierContractTest.nameOf(name.getBytes(UTF_8));
    Layer layer = new Layer(0, digest, 1, new DiffId(digest));
    return new ImageRecord(
        name,
        digest,
        ChainId.of(List.of(layer.diffId())),
        List.of(layer),
        new byte[0],
        new byte[0],
        Instant.EPOCH);
  }

  /** Has the catalogue refuse rows of starts, or take them again. */
  private void refuseRows(boolean refuse) throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("catalogue.db"));
        Statement statement = other.createStatement()) {
      statement.execute(
          refuse
              ? "CREATE TRIGGER full BEFORE INSERT ON starts BEGIN SELECT RAISE(FAIL, 'full'); END"
              : "DROP TRIGGER full");
    }
  }

  @Test
  void startsAreDurableAfterAFlush() throws IOException {
    ledger.started(CHAIN);
    ledger.started(CHAIN);
    assertEquals(0, reopened().expected(CHAIN));
    ledger.flush();
    assertEquals(2, reopened().expected(CHAIN), 0.01);
    assertEquals(2, ledger.expected(CHAIN), 0.01);
  }

  @Test
  void whatAFlushCouldNotWriteTheNextOneDoes() throws IOException, SQLException {
    ledger.started(CHAIN);
    refuseRows(true);
    assertThrows(IOException.class, ledger::flush);
    ledger.started(CHAIN);
    refuseRows(false);
    ledger.flush();
    assertEquals(2, reopened().expected(CHAIN), 0.01);
  }

  @Test
  void aPinIsDurableWhenItReturnsAlsoAfterOneThatFailed() throws IOException, SQLException {
    refuseRows(true);
    assertThrows(IOException.class, () -> ledger.pin(CHAIN, true));
    assertThrows(IOException.class, () -> ledger.pin(CHAIN, true));
    assertThrows(IOException.class, () -> ledger.saves(CHAIN, 2));
    refuseRows(false);
    ledger.pin(CHAIN, true);
    assertTrue(reopened().isPinned(CHAIN));
    assertEquals(OptionalDouble.of(2), reopened().secondsSaved(CHAIN));
    refuseRows(true);
    assertThrows(IOException.class, () -> ledger.pin(CHAIN, false));
    refuseRows(false);
    ledger.pin(CHAIN, false);
    assertEquals(Set.of(), reopened().pins());
  }

  @Test
  void whatIsForgottenIsGoneAndOthersAreNot() throws IOException {
    catalogue.images().put(OTHER);
    for (ChainId image : List.of(CHAIN, OTHER.chainId())) {
      ledger.started(image);
      ledger.pin(image, true);
      ledger.saves(image, 3);
    }
    ledger.forget(CHAIN);
    for (StartLedger one : List.of(ledger, reopened())) {
      assertEquals(0, one.expected(CHAIN));
      assertEquals(OptionalDouble.empty(), one.secondsSaved(CHAIN));
      assertEquals(Set.of(OTHER.chainId()), one.pins());
      assertEquals(1, one.expected(OTHER.chainId()), 0.01);
    }
  }

  @Test
  void startsOfAnImageThatIsGoneLeaveNoRow() throws IOException {
    ledger.started(CHAIN);
    ledger.started(OTHER.chainId());
    ledger.flush();
    assertEquals(
        List.of(CHAIN), catalogue.starts().list().stream().map(StartsRecord::image).toList());
    assertEquals(0, ledger.expected(OTHER.chainId()));
  }

  @Test
  void withoutAHalfLifeNothingIsCounted() throws IOException {
    ledger.pin(CHAIN, true);
    StartLedger idle = StartLedger.open(catalogue, Optional.empty());
    idle.started(CHAIN);
    idle.flush();
    assertEquals(0, idle.expected(CHAIN));
    assertEquals(Set.of(), idle.pins());
    assertTrue(reopened().isPinned(CHAIN), "it is kept for an engine that has a budget");
  }
}
