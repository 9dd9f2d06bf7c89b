package io.github.ndocker.engine;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.ndocker.api.BlobLocation;
import io.github.ndocker.api.BlobNotFoundException;
import io.github.ndocker.api.ChainId;
import io.github.ndocker.api.DiffId;
import io.github.ndocker.api.Digest;
import io.github.ndocker.api.Layer;
import io.github.ndocker.api.TieredBlobStore;
import io.github.ndocker.erofs.ErofsWriter;
import io.github.ndocker.erofs.TieredContents;
import io.github.ndocker.layer.LayerIndex;
import io.github.ndocker.layer.MergedTree;
import io.github.ndocker.linux.PinnedFiles;
import io.github.ndocker.rootfs.ErofsSource;
import io.github.ndocker.store.Catalogue;
import io.github.ndocker.store.ImageRecord;
import io.github.ndocker.store.PromotionRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The EROFS metadata images of the deployed images, one file each.
 *
 * <p>A metadata image names the places of the blobs, so its file's name is made of the image and
 * those places: after a blob has moved, a new one is written and the old one removed. A mount keeps
 * the file it reads from open, and so valid.
 */
final class MetadataImages implements Closeable {
  /** Part of every name: a change of the writer's format makes new files. */
  private static final String FORMAT = "2";

  private static final Pattern NAME = Pattern.compile("[0-9a-f]{64}-[0-9a-f]+\\.erofs");

  private static final int ATTEMPTS = 10;
  private static final int MAX_PINNED = 64;

  private final Path directory;
  private final TieredBlobStore store;
  private final Catalogue catalogue;
  private final LayerIndexFiles indexes;
  private final PinnedFiles recent = new PinnedFiles(MAX_PINNED);

  MetadataImages(
      Path directory, TieredBlobStore store, Catalogue catalogue, LayerIndexFiles indexes)
      throws IOException {
    this.directory = PrivateFiles.sweptDirectory(directory);
    this.store = store;
    this.catalogue = catalogue;
    this.indexes = indexes;
  }

  /**
   * What there is to mount, as the blobs lie now; writes the metadata image if there is none yet
   * for these places.
   */
  PreparedImage prepare(ImageRecord image) throws IOException {
    for (int attempt = 1; ; attempt++) {
      try {
        return prepareOnce(image);
      } catch (NoSuchFileException e) {
        // a blob moved after it was located: it has a new place
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private PreparedImage prepareOnce(ImageRecord image) throws IOException {
    Plan plan = plan(image);
    if (!Files.exists(plan.file())) {
      write(plan.layers(), plan.contents(), plan.file());
      removeOthers(image.chainId(), plan.file());
    }
    return plan.prepared();
  }

  /**
   * What an image's metadata is made of, as the blobs lie now.
   *
   * @param layers the diff IDs, from the bottom up
   * @param contents where each byte lies
   * @param prepared what can be mounted once the file is written
   */
  private record Plan(List<DiffId> layers, TieredContents contents, PreparedImage prepared) {
    Path file() {
      return prepared.source().metadata();
    }
  }

  private Plan plan(ImageRecord image) throws IOException {
    List<DiffId> layers = image.layers().stream().map(Layer::diffId).toList();
    List<BlobLocation> locations = new ArrayList<>();
    for (DiffId layer : layers) {
      locations.add(locate(layer.digest()));
    }
    Optional<PromotionRecord> promotion = catalogue.promotions().find(image.chainId());
    HotPlaces hot = HotPlaces.of(promotion, store);
    String key = key(locations, hot.locations(), promotion.map(PromotionRecord::layoutJson));
    Path file = directory.resolve(image.chainId().digest().hex() + "-" + key + ".erofs");
    TieredContents contents = new TieredContents(layers, locations, hot.packs(), store::read);
    ErofsSource source =
        new ErofsSource(
            treeOf(image.chainId()),
            file,
            TieredContents.files(locations, hot.locations()),
            hot.readAhead());
    List<BlobLocation> read = new ArrayList<>(locations);
    read.addAll(hot.locations());
    return new Plan(layers, contents, new PreparedImage(source, read, hot.startReads()));
  }

  /** The name of what an image shows, wherever its bytes are. */
  static String treeOf(ChainId image) {
    return image.digest().hex() + "-" + FORMAT;
  }

  /** What is wrong with an image's metadata; in a deep check it is made again and compared. */
  Optional<String> problemOf(ImageRecord image, boolean deep) throws IOException {
    Plan plan = plan(image);
    // none yet for where its blobs lie by now: the next use makes it
    if (!deep || !Files.exists(plan.file())) {
      return Optional.empty();
    }
    Path temporary = PrivateFiles.temporary(directory);
    try {
      new ErofsWriter().write(tree(plan.layers()), plan.contents(), temporary);
      long difference = Files.mismatch(temporary, plan.file());
      return difference < 0
          ? Optional.empty()
          : Optional.of("has damaged metadata: byte " + difference + " is not what it should be");
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /** Writes the metadata again. Mounts keep the file that they read. */
  void rewrite(ImageRecord image) throws IOException {
    Plan plan = plan(image);
    write(plan.layers(), plan.contents(), plan.file());
    removeOthers(image.chainId(), plan.file());
  }

  /** Keeps its name and inode in memory, so that the next start need not look for them. */
  void mounted(PreparedImage image) {
    recent.pin(image.source().metadata());
  }

  /** The blobs that a mount of the image reads from. */
  Set<Digest> blobs(ImageRecord image) throws IOException {
    Set<Digest> blobs = new LinkedHashSet<>();
    image.layers().forEach(layer -> blobs.add(layer.diffId().digest()));
    catalogue
        .promotions()
        .find(image.chainId())
        .ifPresent(promotion -> blobs.addAll(promotion.hotPacks()));
    return blobs;
  }

  MergedTree tree(List<DiffId> layers) throws IOException {
    List<LayerIndex> read = new ArrayList<>();
    for (DiffId layer : layers) {
      read.add(indexes.read(layer));
    }
    return MergedTree.of(read);
  }

  /** The size of the image's metadata, in bytes. */
  long bytes(ImageRecord image) throws IOException {
    return Files.size(prepare(image).source().metadata());
  }

  /** The files of each image that there is metadata of. */
  Map<ChainId, List<Path>> versions() throws IOException {
    Map<ChainId, List<Path>> versions = new HashMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*-*.erofs")) {
      for (Path file : files) {
        String name = String.valueOf(file.getFileName());
        if (NAME.matcher(name).matches()) {
          Digest chain = new Digest("sha256", name.substring(0, name.indexOf('-')));
          versions.computeIfAbsent(new ChainId(chain), image -> new ArrayList<>()).add(file);
        }
      }
    }
    return versions;
  }

  /** Deletes files, which another thread may have done. */
  void delete(List<Path> versions) throws IOException {
    for (Path version : versions) {
      Files.deleteIfExists(version);
      recent.unpin(version);
    }
  }

  void remove(ChainId image) throws IOException {
    removeOthers(image, directory);
  }

  private void write(List<DiffId> layers, TieredContents contents, Path file) throws IOException {
    Path temporary = PrivateFiles.temporary(directory);
    try {
      new ErofsWriter().write(tree(layers), contents, temporary);
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
      recent.unpin(file);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  private void removeOthers(ChainId image, Path current) throws IOException {
    List<Path> others = new ArrayList<>();
    try (DirectoryStream<Path> versions =
        Files.newDirectoryStream(directory, image.digest().hex() + "-*.erofs")) {
      for (Path version : versions) {
        if (!version.equals(current)) {
          others.add(version);
        }
      }
    }
    delete(others);
  }

  @Override
  public void close() {
    recent.close();
  }

  private BlobLocation locate(Digest blob) throws BlobNotFoundException {
    return store.locate(blob).orElseThrow(() -> new BlobNotFoundException(blob));
  }

  private static String key(
      List<BlobLocation> locations, List<BlobLocation> packs, Optional<String> layout) {
    MessageDigest sha256 = sha256();
    sha256.update(FORMAT.getBytes(UTF_8));
    for (BlobLocation location : locations) {
      sha256.update(location.toString().getBytes(UTF_8));
    }
    for (BlobLocation pack : packs) {
      sha256.update(pack.toString().getBytes(UTF_8));
    }
    if (!packs.isEmpty()) {
      sha256.update(layout.orElseThrow().getBytes(UTF_8));
    }
    return Digest.sha256(sha256.digest()).hex().substring(0, 16);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
