package io.github.ndocker.llpl;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collection;
import java.util.HexFormat;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The directory of a tier.
 *
 * <pre>
 * lock                         whose the directory is
 * pool-N                       a pool
 * pool-N.closed                how it was closed; see {@link ClosingNote}
 * pool-N.creating-RANDOM       a pool that is not complete
 * pool-N.damaged-RANDOM        a pool that was set aside
 * </pre>
 *
 * @param path the real path
 */
record TierDirectory(Path path) {
  private static final Pattern NAME = Pattern.compile("pool-(\\d{1,9})(\\..*)?");
  private static final String CREATING = ".creating-";
  private static final String DAMAGED = ".damaged-";

  /**
   * Finds a directory, or creates it for the owner alone.
   *
   * @throws UnsupportedPoolException if it is a file, as pools of the first version were
   */
  static TierDirectory of(Path directory) throws IOException {
    if (Files.isRegularFile(directory)) {
      throw new UnsupportedPoolException(
          directory, "is a file, as a whole tier was before; now a tier is a directory of pools");
    }
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(parentOf(directory.toAbsolutePath().normalize()));
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }
    return new TierDirectory(directory.toRealPath());
  }

  /** Removes what a crash left half-created. */
  void discardHalfCreated() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "pool-*" + CREATING + "*")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
  }

  /** The pools, the oldest first. */
  Collection<Path> pools() throws IOException {
    return numbered(false).values();
  }

  /** A name for a pool to be created, with a number that no file here has. */
  Path newPool() throws IOException {
    NavigableMap<Integer, Path> all = numbered(true);
    return path.resolve("pool-" + (all.isEmpty() ? 1 : all.lastKey() + 1));
  }

  /** The name of a pool until it is complete. */
  static Path incomplete(Path pool) {
    return besides(pool, CREATING + randomMark());
  }

  /** The file that says how a pool was closed. */
  static Path noteOf(Path pool) {
    return besides(pool, ".closed");
  }

  /** Gives a damaged pool another name, so that it is not opened any more, and says which. */
  Path setAside(Path pool) throws IOException {
    Path aside = besides(pool, DAMAGED + randomMark());
    new ClosingNote(pool).remove();
    Files.move(pool, aside);
    force(path);
    return aside;
  }

  private NavigableMap<Integer, Path> numbered(boolean all) throws IOException {
    NavigableMap<Integer, Path> found = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, "pool-*")) {
      for (Path file : files) {
        Matcher name = NAME.matcher(file.getFileName().toString());
        if (name.matches() && (all || name.group(2) == null)) {
          found.put(Integer.valueOf(name.group(1)), file);
        }
      }
    }
    return found;
  }

  private static Path besides(Path pool, String ending) {
    return pool.resolveSibling(pool.getFileName() + ending);
  }

  private static String randomMark() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
  }

  static Path parentOf(Path file) {
    return Objects.requireNonNull(file.getParent(), "parent");
  }

  /** Makes names in a directory durable. */
  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
