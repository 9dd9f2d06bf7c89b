package io.github.ndocker.store;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.github.ndocker.api.Digest;
import io.github.ndocker.api.NDockerException;
import io.github.ndocker.api.NewerFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a file tier keeps what: {@code blobs/<algorithm>/<hex>} for committed blobs, {@code
 * incoming/} for those being written. Nothing of it is readable by anybody but the owner.
 */
final class BlobDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(BlobDirectory.class);
  private static final List<String> ALGORITHMS = List.of("sha256", "sha512");
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_DIRECTORY =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<Set<PosixFilePermission>> OWNER_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private static final String FORMAT = "format";
  private static final long VERSION = 1;
  private static final int LONGEST_VERSION = 20;

  private final Path root;
  private final Path incoming;

  private BlobDirectory(Path root) {
    this.root = root;
    this.incoming = root.resolve("incoming");
  }

  /** Creates what is missing and discards what a crash left half-written. */
  static BlobDirectory open(Path root) throws IOException {
    BlobDirectory directory = new BlobDirectory(root);
    createPrivate(root);
    directory.checkFormat();
    createPrivate(directory.incoming);
    createPrivate(root.resolve("blobs"));
    for (String algorithm : ALGORITHMS) {
      createPrivate(root.resolve("blobs").resolve(algorithm));
    }
    force(root.resolve("blobs"));
    force(root);
    directory.sweepIncoming();
    return directory;
  }

  /**
   * Before anything is changed. A directory without the file is new, or of before there was one.
   */
  private void checkFormat() throws IOException {
    Path file = root.resolve(FORMAT);
    byte[] text;
    try (InputStream in = Files.newInputStream(file)) {
      text = in.readNBytes(LONGEST_VERSION);
    } catch (NoSuchFileException e) {
      text = new byte[0];
    }
    if (text.length == 0) {
      // empty after a power cut
      Files.deleteIfExists(file);
      Files.createFile(file, OWNER_FILE);
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap((VERSION + "\n").getBytes(US_ASCII)));
        channel.force(true);
      }
      return;
    }
    long found;
    try {
      found = Long.parseLong(new String(text, US_ASCII).strip());
    } catch (NumberFormatException e) {
      throw new NDockerException(
          file + " does not say which format " + root + " has; write " + VERSION + " into it", e);
    }
    if (found > VERSION) {
      throw new NewerFormatException("the tier " + root, found, VERSION);
    }
  }

  static void createPrivate(Path directory) throws IOException {
    Path parent = directory.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    try {
      Files.createDirectory(directory, OWNER_DIRECTORY);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
  }

  /** The directories that committed blobs are in. */
  List<Path> blobDirectories() {
    return ALGORITHMS.stream().map(algorithm -> root.resolve("blobs").resolve(algorithm)).toList();
  }

  Path root() {
    return root;
  }

  Path pathOf(Digest blob) {
    return root.resolve("blobs").resolve(blob.algorithm()).resolve(blob.hex());
  }

  Path createIncoming() throws IOException {
    return Files.createFile(incoming.resolve(UUID.randomUUID().toString()), OWNER_FILE);
  }

  /** Gives an incoming file, whose bytes are durable already, its name, durably. */
  void publish(Path written, Digest name) throws IOException {
    Path named = pathOf(name);
    Files.move(written, named, StandardCopyOption.ATOMIC_MOVE);
    try {
      force(root.resolve("blobs").resolve(name.algorithm()));
      force(incoming);
    } catch (IOException e) {
      // whether the name is durable is unknown now: take it back rather than force a second time
      Files.deleteIfExists(named);
      throw e;
    }
  }

  /**
   * Gives a blob another name; {@link #forceNames} makes that durable. False if its file is gone.
   */
  boolean rename(Digest blob, Digest other) throws IOException {
    try {
      Files.move(pathOf(blob), pathOf(other), StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      return false;
    }
    return true;
  }

  /** Deletes a blob; {@link #forceNames} makes that durable. */
  void unlink(Digest blob) throws IOException {
    Files.deleteIfExists(pathOf(blob));
  }

  void forceNames() throws IOException {
    for (String algorithm : ALGORITHMS) {
      force(root.resolve("blobs").resolve(algorithm));
    }
  }

  /** The committed blobs and their sizes. What is not named like a blob is left alone. */
  Map<Digest, Long> list() throws IOException {
    Map<Digest, Long> sizes = new HashMap<>();
    for (String algorithm : ALGORITHMS) {
      try (DirectoryStream<Path> files =
          Files.newDirectoryStream(root.resolve("blobs").resolve(algorithm))) {
        for (Path file : files) {
          Optional<Digest> name = nameOf(algorithm, file);
          BasicFileAttributes attributes =
              Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
          if (name.isPresent() && attributes.isRegularFile()) {
            sizes.put(name.get(), attributes.size());
          } else {
            LOG.warn("left alone, not a blob: {}", file);
          }
        }
      }
    }
    return sizes;
  }

  private static Optional<Digest> nameOf(String algorithm, Path file) {
    try {
      return Optional.of(new Digest(algorithm, String.valueOf(file.getFileName())));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private void sweepIncoming() throws IOException {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(incoming)) {
      for (Path file : files) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          LOG.info("discarded, never committed: {}", file);
          Files.delete(file);
        } else {
          LOG.warn("left alone, not a blob being written: {}", file);
        }
      }
    }
  }

  /** A file that only its owner can read, if there is none. */
  static Path createFile(Path file) throws IOException {
    return Files.exists(file) ? file : Files.createFile(file, OWNER_FILE);
  }

  static void force(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (NoSuchFileException e) {
      throw new IOException("the tier's directory is gone: " + directory, e);
    }
  }
}
