package io.github.ndocker.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.engine.CheckFinding.Kind;
import io.github.ndocker.engine.CheckFinding.Outcome;
import io.github.ndocker.image.ImageReference;
import io.github.ndocker.registry.HostileRegistry;
import io.github.ndocker.registry.HostileRegistry.Fault;
import io.github.ndocker.registry.TinyImage;
import io.github.ndocker.source.OciLayout;
import io.github.ndocker.spi.BlobTierContractTest;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.DamagedCatalogueException;
import io.github.ndocker.store.ImageRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreCheckTest {
  private static final DeploymentListener NOBODY = progress -> {};

  @TempDir Path directory;
  private TinyImage image;
  private HostileRegistry registry;
  private ImageReference reference;
  private Host host;

  @BeforeEach
  void deploy() throws IOException {
    image = TinyImage.threeLayers();
    registry = HostileRegistry.serving(image, Fault.NONE);
    reference = registry.reference();
    host = Host.in(directory);
    try (NDocker engine = host.open()) {
      engine.deploy(reference, NOBODY);
    }
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  @Test
  void findsNothingInASoundStore() throws IOException {
    for (CheckOptions options : List.of(CheckOptions.quick(), CheckOptions.quick().deeply())) {
      CheckReport report = check(options);
      assertEquals(List.of(), report.findings());
      // three layers and the record of the image
      assertEquals(4, report.blobs());
      assertEquals(options.deep(), report.bytes() > 0);
    }
  }

  @Test
  void findsABitThatFlippedInAnyFileAndMendsIt() throws IOException {
    Random random = new Random(5);
    Map<String, Long> before = host.files();
    for (Path file : files()) {
      flip(file, random.nextLong(Files.size(file)), random.nextInt(8));
      CheckReport found = check(CheckOptions.quick().deeply());
      assertFalse(found.isSound(), file + " " + found);
      CheckReport mended = check(CheckOptions.quick().deeply().repairing());
      assertTrue(mended.isSound(), file + " " + mended);
      assertEquals(Outcome.MENDED, mended.findings().get(0).outcome());
      assertEquals(List.of(), check(CheckOptions.quick().deeply()).findings(), file.toString());
      assertEquals(before, host.files(), file.toString());
    }
  }

  @Test
  void fetchesOnlyTheLayerThatIsMissing() throws IOException {
    Digest lost = image.layers().get(1).diffId().digest();
    Files.delete(blob(lost));
    CheckFinding finding = only(check(CheckOptions.quick()));
    assertEquals(Kind.LAYER, finding.kind());
    assertTrue(finding.subject().contains("layer 1"), finding.toString());
    int requests = registry.requestsFor("");
    assertTrue(check(CheckOptions.quick().repairing()).isSound());
    assertEquals(requests + 1, registry.requestsFor(""));
    assertTrue(host.holds(image));
  }

  @Test
  void saysWhatItCouldNotMendAndTakesLayersFromElsewhere() throws IOException {
    flip(blob(image.layers().get(0).diffId().digest()), 1000, 3);
    registry.close();
    CheckFinding finding = only(check(CheckOptions.quick().deeply().repairing()));
    assertEquals(Outcome.FAILED, finding.outcome());
    assertTrue(finding.problem().contains("not mended"), finding.problem());
    OciLayout layout = OciLayout.open(image.writeLayout(directory.resolve("layout")));
    assertTrue(check(CheckOptions.quick().deeply().repairing().from(layout)).isSound());
    assertTrue(host.holds(image));
  }

  @Test
  void makesALostCatalogueAgain() throws IOException {
    Map<String, Long> before = host.files();
    deleteCatalogue();
    try (NDocker engine = host.open()) {
      assertEquals(List.of(reference.toString()), engine.images());
      assertEquals(List.of(), engine.check(CheckOptions.quick().deeply()).findings());
    }
    assertEquals(before, host.files());
  }

  @Test
  void makesARowOfADamagedCatalogueAgain() throws Exception {
    for (String damage :
        List.of(
            "UPDATE image SET deployed_at = deployed_at + 1",
            "UPDATE image SET config = CAST('{}' AS BLOB)",
            "UPDATE image_layer SET compressed_bytes = 1 WHERE position = 1",
            "UPDATE image SET document = 'sha256:' || substr(document, 9) || '0'")) {
      alter(damage);
      assertThrows(DamagedCatalogueException.class, () -> host.open(), damage);
      try (NDocker engine = host.builder().rebuildDamagedCatalogue(true).open()) {
        assertEquals(List.of(reference.toString()), engine.images());
        assertEquals(List.of(), engine.check(CheckOptions.quick().deeply()).findings());
      }
    }
    try (Stream<Path> kept = Files.list(host.state())) {
      assertEquals(4, kept.filter(file -> file.toString().contains(".damaged-")).count());
    }
  }

  @Test
  void aProcessThatDiesInTheMiddleOfARebuildLeavesItToTheNext() throws IOException {
    deleteCatalogue();
    Catalogue.open(host.state()).close();
    Catalogue.open(host.state()).close();
    try (NDocker engine = host.open()) {
      assertEquals(List.of(reference.toString()), engine.images());
    }
    try (Catalogue catalogue = Catalogue.open(host.state())) {
      assertFalse(catalogue.isIncomplete());
      catalogue.close();
      Catalogue.replaceDamaged(host.state()).close();
    }
    // the rows come from the one that was moved aside, not from the records
    try (Stream<Path> files = Files.list(host.slow().resolve("blobs/sha256"))) {
      for (Path file : files.toList()) {
        if (Host.isRecord(file)) {
          Files.delete(file);
        }
      }
    }
    try (NDocker engine = host.open()) {
      assertEquals(List.of(reference.toString()), engine.images());
    }
  }

  @Test
  void makesALostCatalogueAgainWhateverTheMarkOfARebuildSays() throws IOException {
    deleteCatalogue();
    Path mark = host.state().resolve("catalogue.db.incomplete");
    Files.write(mark, new byte[] {(byte) 0xff, (byte) 0xfe, 0});
    try (NDocker engine = host.open()) {
      assertEquals(List.of(reference.toString()), engine.images());
    }
    assertFalse(Files.exists(mark));
  }

  @Test
  void aBlobThatLooksLikeARecordIsNone() throws IOException {
    ImageRecord real;
    try (Catalogue catalogue = Catalogue.open(host.state())) {
      real = catalogue.images().list().get(0);
    }
    byte[] forged =
        new ImageRecord(
                "registry.example/forged:1",
                real.manifestDigest(),
                real.chainId(),
                real.layers(),
                real.manifest(),
                real.config(),
                real.deployedAt())
            .document();
    Digest name = BlobTierContractTest.nameOf(forged);
    Files.write(host.slow().resolve("blobs/sha256").resolve(name.hex()), forged);
    CheckReport report = check(CheckOptions.quick().deeply().repairing());
    assertEquals(Kind.UNNEEDED, only(report).kind());
    deleteCatalogue();
    try (NDocker engine = host.open()) {
      assertEquals(List.of(reference.toString()), engine.images());
    }
  }

  @Test
  void restoresARowThatIsGone() throws Exception {
    alter("DELETE FROM image");
    CheckFinding finding = only(check(CheckOptions.quick()), Kind.LOST_RECORD);
    assertTrue(finding.subject().contains(reference.toString()), finding.subject());
    assertTrue(check(CheckOptions.quick().repairing()).isSound());
    try (NDocker engine = host.open()) {
      assertEquals(List.of(reference.toString()), engine.images());
    }
  }

  @Test
  void reportsWhatNothingNeedsAndLeavesItToTheCollection() throws IOException {
    long bytes = host.files().values().stream().mapToLong(Long::longValue).sum();
    Path stray = host.slow().resolve("blobs/sha256").resolve("0".repeat(64));
    Files.write(stray, new byte[1000]);
    CheckReport report = check(CheckOptions.quick().repairing());
    assertEquals(Kind.UNNEEDED, only(report).kind());
    assertTrue(report.isSound());
    assertTrue(Files.exists(stray));
    try (NDocker engine = host.open()) {
      assertEquals(1000, engine.gc());
      assertEquals(0, engine.gc());
    }
    assertFalse(Files.exists(stray));
    assertEquals(bytes, host.files().values().stream().mapToLong(Long::longValue).sum());
  }

  @Test
  void givesACatalogueOfBeforeRecordsTheirDocuments() throws Exception {
    try (Stream<Path> files = Files.list(host.slow().resolve("blobs/sha256"))) {
      for (Path file : files.toList()) {
        if (Host.isRecord(file)) {
          Files.delete(file);
        }
      }
    }
    host.open().close();
    assertEquals(List.of(), check(CheckOptions.quick().deeply()).findings());
    deleteCatalogue();
    try (NDocker engine = host.open()) {
      assertEquals(List.of(reference.toString()), engine.images());
    }
  }

  private CheckReport check(CheckOptions options) throws IOException {
    try (NDocker engine = host.open()) {
      return engine.check(options);
    }
  }

  private static CheckFinding only(CheckReport report) {
    assertEquals(1, report.findings().size(), report.toString());
    return report.findings().get(0);
  }

  private static CheckFinding only(CheckReport report, Kind kind) {
    List<CheckFinding> found =
        report.findings().stream().filter(finding -> finding.kind() == kind).toList();
    assertEquals(1, found.size(), report.toString());
    return found.get(0);
  }

  private Path blob(Digest name) {
    Path fast = host.fast().resolve("blobs/sha256").resolve(name.hex());
    return Files.exists(fast) ? fast : host.slow().resolve("blobs/sha256").resolve(name.hex());
  }

  /** All but the catalogue and the files that say who owns what. */
  private List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !file.toString().contains("catalogue.db"))
          .filter(file -> !file.endsWith("lock") && !file.endsWith("format"))
          .toList();
    }
  }

  private void deleteCatalogue() throws IOException {
    for (String suffix : List.of("", "-wal", "-shm")) {
      Files.deleteIfExists(host.state().resolve("catalogue.db" + suffix));
    }
  }

  private void alter(String statement) throws SQLException {
    try (Connection other =
            DriverManager.getConnection("jdbc:sqlite:" + host.state().resolve("catalogue.db"));
        Statement change = other.createStatement()) {
      assertTrue(change.executeUpdate(statement) > 0, statement);
    }
  }

  private static void flip(Path file, long position, int bit) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      channel.read(one, position);
      one.put(0, (byte) (one.get(0) ^ 1 << bit));
      channel.write(one.flip(), position);
    }
  }
}
