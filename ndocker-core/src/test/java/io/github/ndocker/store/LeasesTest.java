package io.github.ndocker.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.ndocker.api.Digest;
import io.github.ndocker.spi.BlobTierContractTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@SuppressWarnings("try") // closing twice is what is tested
class LeasesTest {
  private static final Digest BLOB = BlobTierContractTest.nameOf(new byte[] {1});

  @TempDir private Path directory;
  private Path superblock;
  private Catalogue catalogue;

  @BeforeEach
  void open() throws IOException {
    superblock =
        Files.createDirectories(
            directory.resolve("sys").resolve("fs").resolve("erofs").resolve("nd1"));
    catalogue = Catalogue.open(directory.resolve("state"));
  }

  @AfterEach
  void close() throws IOException {
    catalogue.close();
  }

  private Leases leases(String boot) throws IOException {
    return Leases.open(catalogue, directory.resolve("sys"), boot);
  }

  @Test
  void lastAsLongAsTheSuperblockAlsoAcrossARestart() throws IOException {
    leases("boot").add("nd1", Set.of(BLOB), List.of());
    Leases restarted = leases("boot");
    assertTrue(restarted.leased(BLOB));
    assertEquals(List.of(), restarted.expire());
    Files.delete(superblock);
    assertFalse(restarted.leased(BLOB));
    assertEquals(1, restarted.expire().size());
    assertEquals(List.of(), leases("boot").expire());
  }

  @Test
  void expireAllAtOnceOrNotAtAll() throws Exception {
    Leases leases = leases("boot");
    for (String name : List.of("nd1", "nd2", "nd3")) {
      leases.add(name, Set.of(BLOB), List.of());
    }
    List<Lease> all = catalogue.leases().list();
    Files.delete(superblock);
    OldCatalogue.alter(
        directory.resolve("state"),
        """
        CREATE TRIGGER refuse BEFORE DELETE ON lease WHEN OLD.superblock = 'nd2'
        BEGIN SELECT RAISE(ABORT, 'the medium fails'); END
        """);
    assertThrows(IOException.class, leases::expire);
    assertEquals(all, catalogue.leases().list());
    OldCatalogue.alter(directory.resolve("state"), "DROP TRIGGER refuse");
    assertEquals(Set.copyOf(all), Set.copyOf(leases.expire()));
    assertEquals(List.of(), catalogue.leases().list());
    assertEquals(List.of(), leases.expire());
  }

  @Test
  void endWithTheBootThatTheSuperblockLivedIn() throws IOException {
    leases("boot").add("nd1", Set.of(BLOB), List.of());
    assertFalse(leases("next boot").leased(BLOB));
  }

  @Test
  void endAlsoIfALaterSuperblockHasTheName() throws IOException {
    leases("boot").add("nd1", Set.of(BLOB), List.of());
    // made while the first one is there, so that it has another inode number
    Path later = Files.createDirectory(superblock.resolveSibling("nd2"));
    Files.delete(superblock);
    Files.move(later, superblock);
    Leases restarted = leases("boot");
    assertFalse(restarted.leased(BLOB));
    assertEquals(1, restarted.expire().size());
  }

  @Test
  void lastWithTheNameAloneIfNobodyKnowsTheInodeNumber() throws IOException {
    // as an earlier version has kept it
    catalogue.leases().put(new Lease("nd1", "boot", 0, Optional.empty(), Set.of(BLOB), List.of()));
    assertTrue(leases("boot").leased(BLOB));
  }

  @Test
  void areHeldAsOftenAsSomebodyHoldsThem() throws IOException {
    Leases leases = leases("boot");
    try (Leases.Hold first = leases.hold(Set.of(BLOB));
        Leases.Hold second = leases.hold(Set.of(BLOB))) {
      first.close();
      first.close();
      assertTrue(leases.leased(BLOB));
      second.close();
      assertFalse(leases.leased(BLOB));
    }
  }

  @Test
  void refuseNamesThatLeadElsewhere() throws IOException {
    Leases leases = leases("boot");
    for (String name : List.of("..", ".", "a/b", "", "x".repeat(256))) {
      assertThrows(
          IllegalArgumentException.class, () -> leases.add(name, Set.of(BLOB), List.of()), name);
    }
  }
}
