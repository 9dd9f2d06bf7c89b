package io.github.ndocker.store;

import static io.github.ndocker.store.SampleRecords.digest;
import static io.github.ndocker.store.SampleRecords.image;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.NewerFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogueTest {
  @TempDir private Path directory;
  private Catalogue catalogue;

  @BeforeEach
  void open() throws IOException {
    catalogue = Catalogue.open(directory.resolve("state"));
  }

  @AfterEach
  void close() throws IOException {
    catalogue.close();
    catalogue.close();
  }

  @Test
  void givesBackEverythingAfterItWasOpenedAgain() throws IOException {
    ImageRecord image = image("registry/python:3", 3);
    ProfileRecord profile = new ProfileRecord(image.chainId(), "serve", "{\"ä\":1}");
    PromotionRecord packed =
        new PromotionRecord(image.chainId(), List.of(digest("pack"), digest("shared")), "{}");
    PromotionRecord unpacked = new PromotionRecord(image("b", 1).chainId(), List.of(), "[]");
    Lease lease =
        new Lease(
            "nd-1",
            "boot",
            4711,
            Optional.of("/file"),
            Set.of(digest("a"), digest("b")),
            List.of(new Lease.Range(Path.of("/pool"), 4096, 10)));
    catalogue.images().put(image);
    catalogue.profiles().put(profile);
    catalogue.promotions().put(packed);
    catalogue.promotions().put(unpacked);
    catalogue.leases().put(lease);
    catalogue.close();
    open();
    assertEquals(Optional.of(image), catalogue.images().find("registry/python:3"));
    assertEquals(List.of(profile), catalogue.profiles().list());
    assertEquals(Optional.of(profile), catalogue.profiles().find(image.chainId(), "serve"));
    assertEquals(Optional.of(packed), catalogue.promotions().find(image.chainId()));
    assertEquals(Set.of(packed, unpacked), Set.copyOf(catalogue.promotions().list()));
    assertEquals(List.of(lease), catalogue.leases().list());
  }

  @Test
  void aPromotionThatWasLookedUpIsFoundAsItIsByThen() throws IOException {
    ChainId chain = image("app", 1).chainId();
    for (String json : List.of("{}", "[]")) {
      PromotionRecord promotion = new PromotionRecord(chain, List.of(), json);
      catalogue.promotions().put(promotion);
      assertEquals(Optional.of(promotion), catalogue.promotions().find(chain));
      assertEquals(Optional.of(promotion), catalogue.promotions().find(chain));
    }
    assertTrue(catalogue.promotions().remove(chain));
    assertEquals(Optional.empty(), catalogue.promotions().find(chain));
  }

  @Test
  void aProfileThatIsReplacedIsAnotherVersion() throws IOException {
    ChainId chain = image("app", 1).chainId();
    for (String json : List.of("{}", "[]")) {
      ProfileRecord profile = new ProfileRecord(chain, "serve", json);
      catalogue.profiles().put(profile);
      assertEquals(
          List.of(new ProfileVersion(chain, "serve", profile.documentDigest())),
          catalogue.profiles().versions());
    }
  }

  @Test
  void replacesTheImageOfTheSameReference() throws IOException {
    catalogue.images().put(image("app", 3));
    ImageRecord newer = image("app", 1);
    catalogue.images().put(newer);
    catalogue.images().put(image("another", 2));
    assertEquals(Optional.of(newer), catalogue.images().find("app"));
    assertEquals(2, catalogue.images().list().size());
    assertTrue(catalogue.images().remove("app"));
    assertEquals(Optional.empty(), catalogue.images().find("app"));
    assertEquals(false, catalogue.images().remove("app"));
  }

  @Test
  void findsAnImageByItsManifestUnderWhateverName() throws IOException {
    ImageRecord app = image("app", 3);
    catalogue.images().put(app);
    assertEquals(Optional.of(app), catalogue.images().withManifest(app.manifestDigest()));
    assertEquals(Optional.empty(), catalogue.images().withManifest(digest("no manifest")));
    catalogue.images().remove("app");
    assertEquals(Optional.empty(), catalogue.images().withManifest(app.manifestDigest()));
  }

  @Test
  void forgetsWhatIsRemoved() throws IOException {
    ChainId chain = image("a", 1).chainId();
    catalogue.profiles().put(new ProfileRecord(chain, "serve", "1"));
    catalogue.profiles().put(new ProfileRecord(chain, "serve", "2"));
    catalogue.promotions().put(new PromotionRecord(chain, List.of(), "{}"));
    assertEquals("2", catalogue.profiles().find(chain, "serve").orElseThrow().json());
    assertTrue(catalogue.profiles().remove(chain, "serve"));
    assertTrue(catalogue.promotions().remove(chain));
    assertEquals(Optional.empty(), catalogue.profiles().find(chain, "serve"));
    assertEquals(Optional.empty(), catalogue.promotions().find(chain));
  }

  @Test
  void keepsTextThatLooksLikeStatements() throws IOException {
    ImageRecord image = image("x'; DROP TABLE image; --", 1);
    catalogue.images().put(image);
    assertEquals(Optional.of(image), catalogue.images().find(image.reference()));
  }

  @Test
  void refusesRowsThatCannotBeRight() throws Exception {
    catalogue.images().put(image("app", 2));
    for (String damage :
        List.of(
            "UPDATE image SET manifest_digest = 'sha256:../../etc'",
            "UPDATE image SET manifest_digest = '"
                + digest("m")
                + "', chain_id = '"
                + digest("other")
                + "'",
            "DELETE FROM image_layer WHERE position = 0",
            "DELETE FROM image_layer")) {
      catalogue.images().put(image("app", 2));
      alter(damage);
      assertThrows(DamagedCatalogueException.class, () -> catalogue.images().find("app"), damage);
    }
    alter("INSERT INTO lease VALUES ('../../proc', 'boot', NULL, '', 0)");
    assertThrows(DamagedCatalogueException.class, () -> catalogue.leases().list());
  }

  @Test
  void bringsAnOlderFileUpToDateAndKeepsWhatIsInIt() throws Exception {
    ImageRecord kept = image("app", 3);
    catalogue.images().put(kept);
    OldCatalogue.downgrade(directory.resolve("state"), 1);
    catalogue.close();
    open();
    assertEquals(Optional.of(kept), catalogue.images().find("app"));
    SplitBlob split =
        new SplitBlob(
            digest("blob"),
            digest("slow part"),
            digest("fast part"),
            SplitBlob.parseRuns("s1048576 f512"));
    catalogue.splits().put(split);
    catalogue.close();
    open();
    assertEquals(List.of(split), catalogue.splits().list());
  }

  @Test
  void keepsWhatIsKnownOfStartsAlsoInAFileOfTheVersionBeforeThereWasAny() throws Exception {
    ImageRecord kept = image("app", 3);
    catalogue.images().put(kept);
    OldCatalogue.downgrade(directory.resolve("state"), 5);
    catalogue.close();
    open();
    assertEquals(Optional.of(kept), catalogue.images().find("app"));
    assertEquals(List.of(), catalogue.starts().list());
    StartsRecord counted =
        new StartsRecord(kept.chainId(), 2.5, 1_700_000_000_000L, false, OptionalDouble.empty());
    StartsRecord pinned =
        new StartsRecord(image("b", 1).chainId(), 0, 0, true, OptionalDouble.of(0.1));
    StartsRecord more = new StartsRecord(kept.chainId(), 1e-9, 5, true, OptionalDouble.of(3));
    catalogue.starts().put(List.of(counted, pinned));
    catalogue.close();
    open();
    assertEquals(Set.of(counted, pinned), Set.copyOf(catalogue.starts().list()));
    catalogue.starts().put(List.of(more));
    assertTrue(catalogue.starts().remove(pinned.image()));
    assertEquals(false, catalogue.starts().remove(pinned.image()));
    assertEquals(List.of(more), catalogue.starts().list());
    alter("UPDATE starts SET weight = 7");
    assertThrows(DamagedCatalogueException.class, () -> catalogue.starts().list());
  }

  @Test
  void refusesFilesThatAreDamagedOrNewer() throws Exception {
    for (int i = 0; i < 50; i++) {
      catalogue.images().put(image("app" + i, 3));
    }
    alter("PRAGMA user_version = 99");
    catalogue.close();
    String newer = assertThrows(NewerFormatException.class, this::open).getMessage();
    assertTrue(newer.contains("newer") && newer.contains("99"), newer);

    alter("PRAGMA user_version = 1");
    Path file = directory.resolve("state").resolve("catalogue.db");
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, 4096, bytes.length, (byte) 0x5a);
    Files.write(file, bytes);
    assertThrows(DamagedCatalogueException.class, this::open);
    Files.writeString(file, "not a database at all, but long enough to be looked at ".repeat(50));
    assertThrows(DamagedCatalogueException.class, this::open);
  }

  @Test
  void isReadableByItsOwnerAlone() throws IOException {
    Path state = directory.resolve("state");
    assertEquals("rwx------", permissions(state));
    assertEquals("rw-------", permissions(state.resolve("catalogue.db")));
  }

  private static String permissions(Path file) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
  }

  private void alter(String statement) throws Exception {
    OldCatalogue.alter(directory.resolve("state"), statement);
  }
}
