package io.github.ndocker.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a host knows beside its blobs: images, profiles, promotions, leases. An SQLite file in the
 * state directory; what was put is there after a power cut. Thread-safe. Closing twice is harmless.
 */
public final class Catalogue implements Closeable {
  private static final String FILE = "catalogue.db";

  /** What each version of the file added; the last one is what is written now. */
  private static final List<List<SchemaStep>> VERSIONS =
      List.of(
          List.of(
              SchemaStep.sql(ImageTable.SCHEMA),
              SchemaStep.sql(ProfileTable.SCHEMA),
              SchemaStep.sql(PromotionTable.SCHEMA),
              SchemaStep.sql(LeaseTable.SCHEMA)),
          List.of(SchemaStep.sql(SplitTable.SCHEMA)),
          List.of(
              ImageTable.CHECKSUMS,
              ProfileTable.CHECKSUMS,
              PromotionTable.CHECKSUMS,
              LeaseTable.CHECKSUMS,
              SplitTable.CHECKSUMS,
              SchemaStep.sql(RetiredTable.SCHEMA),
              SchemaStep.sql(MoveTable.SCHEMA)),
          List.of(LeaseTable.INODES),
          // no table is another one, but a promotion may name several packs
          List.of(),
          List.of(SchemaStep.sql(StartsTable.SCHEMA)));

  private static final Logger LOG = LoggerFactory.getLogger(Catalogue.class);
  private final Database database;
  private final RecentPromotions recentPromotions = new RecentPromotions();
  private final RebuildMark mark;

  private Catalogue(Database database, RebuildMark mark) {
    this.database = database;
    this.mark = mark;
  }

  /**
   * Opens the catalogue of a state directory, or creates it.
   *
   * @param stateDirectory created if missing, for the owner alone
   * @return the catalogue, to be closed by the caller
   * @throws DamagedCatalogueException if the file is damaged
   * @throws io.github.ndocker.api.NewerFormatException if a newer version wrote it
   * @throws IOException if the medium fails
   */
  public static Catalogue open(Path stateDirectory) throws IOException {
    BlobDirectory.createPrivate(stateDirectory);
    RebuildMark mark = new RebuildMark(stateDirectory.toAbsolutePath().resolve(FILE));
    mark.prepare();
    Catalogue catalogue = new Catalogue(Database.open(mark.catalogue(), VERSIONS), mark);
    boolean ready = false;
    try {
      catalogue.salvage();
      ready = true;
      return catalogue;
    } finally {
      if (!ready) {
        catalogue.close();
      }
    }
  }

  /**
   * Moves a damaged catalogue aside and makes a new one with those of its rows that are still good.
   * What is missing then are the rows that are not: images, profiles and promotions can be restored
   * from their documents, and superblocks that nobody knows the lease of have to be taken for
   * readers of everything. Until {@link #rebuilt}, every later opening does that again.
   *
   * @param stateDirectory where it is
   * @return the new catalogue, to be closed by the caller
   * @throws IOException if the medium fails
   */
  public static Catalogue replaceDamaged(Path stateDirectory) throws IOException {
    new RebuildMark(stateDirectory.toAbsolutePath().resolve(FILE)).moveAside();
    return open(stateDirectory);
  }

  private void salvage() throws IOException {
    // rows of a newer one replace those of an older one
    for (Path damaged : mark.damaged()) {
      LOG.warn("the damaged catalogue is kept as {}", damaged);
      try (Catalogue old = new Catalogue(Database.openDamaged(damaged, VERSIONS), mark)) {
        CatalogueSalvage.copy(old, this);
      }
    }
  }

  /**
   * Whether rows are missing that there were before: the file was lost or damaged, or there never
   * was one.
   *
   * @return true until {@link #rebuilt}, also for later openings
   */
  public boolean isIncomplete() {
    return mark.isSet();
  }

  /**
   * All is restored that can be.
   *
   * @throws IOException if the medium fails
   */
  public void rebuilt() throws IOException {
    mark.clear();
  }

  /**
   * The deployed images.
   *
   * @return a view; every call reads the database
   */
  public ImageTable images() {
    return new ImageTable(database);
  }

  /**
   * The profiles.
   *
   * @return a view; every call reads the database
   */
  public ProfileTable profiles() {
    return new ProfileTable(database);
  }

  /**
   * The promoted images.
   *
   * @return a view; those that were looked up last are found without reading the database
   */
  public PromotionTable promotions() {
    return new PromotionTable(database, recentPromotions);
  }

  /**
   * The leases of mounted root file systems.
   *
   * @return a view; every call reads the database
   */
  public LeaseTable leases() {
    return new LeaseTable(database);
  }

  /**
   * The blobs that lie in pieces on both tiers.
   *
   * @return a view; every call reads the database
   */
  public SplitTable splits() {
    return new SplitTable(database);
  }

  /**
   * What is known of the starts of images.
   *
   * @return a view; every call reads the database
   */
  public StartsTable starts() {
    return new StartsTable(database);
  }

  /** The copies that are kept only for who still reads them. */
  RetiredTable retired() {
    return new RetiredTable(database);
  }

  /** The moves that are still to be made in the background. */
  MoveTable moves() {
    return new MoveTable(database);
  }

  @Override
  public void close() throws IOException {
    database.close();
  }
}
