package io.github.ndocker.rootfs;

import io.github.ndocker.erofs.ImageTree;
import io.github.ndocker.layer.ByteString;
import io.github.ndocker.linux.DirectoryTree;
import io.github.ndocker.linux.OpenDirectory;
import io.github.ndocker.store.NamedLocks;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The trees of images, unpacked into directories, each once. A directory that has its name is
 * complete and on the medium, also after a power cut. Thread-safe.
 */
final class UnpackedTrees {
  /** Begins the names of what is being unpacked or deleted. */
  private static final String UNFINISHED = ".";

  private static final String TREE = "tree";
  private static final String LINKS = "links";

  private final Path directory;
  private final NamedLocks<String> names = new NamedLocks<>();

  private UnpackedTrees(Path directory) {
    this.directory = directory;
  }

  /** Deletes what was being unpacked or deleted when a process ended. */
  static UnpackedTrees open(Path directory) throws IOException {
    PrivateDirectory.create(directory);
    try (DirectoryStream<Path> unfinished = Files.newDirectoryStream(directory, UNFINISHED + "*")) {
      for (Path left : unfinished) {
        DirectoryTree.delete(left);
      }
    }
    return new UnpackedTrees(directory);
  }

  /** The directory that is the root of a tree, after it was unpacked if it was not yet. */
  Path of(ErofsSource source) throws IOException {
    Path unpacked = directory.resolve(source.tree());
    try (NamedLocks<String>.Held held = names.lock(source.tree())) {
      if (Files.notExists(unpacked)) {
        unpack(source, unpacked);
      }
    }
    return unpacked.resolve(TREE);
  }

  private void unpack(ErofsSource source, Path unpacked) throws IOException {
    Path unfinished = PrivateDirectory.create(unfinished());
    try {
      Path links = PrivateDirectory.create(unfinished.resolve(LINKS));
      try (ImageTree tree = ImageTree.open(source.metadata(), source.devices());
          OpenDirectory parent = OpenDirectory.open(unfinished);
          OpenDirectory linked = OpenDirectory.open(links)) {
        new TreeUnpacking(tree, linked).writeTo(parent, ByteString.utf8(TREE));
      }
      DirectoryTree.delete(links);
      try (OpenDirectory parent = OpenDirectory.open(directory)) {
        parent.syncFileSystem();
        Files.move(unfinished, unpacked, StandardCopyOption.ATOMIC_MOVE);
        parent.syncFileSystem();
      }
    } finally {
      DirectoryTree.delete(unfinished);
    }
  }

  private Path unfinished() {
    return directory.resolve(UNFINISHED + UUID.randomUUID());
  }

  /** The names of the trees that are there. */
  Set<String> names() throws IOException {
    Set<String> found = new HashSet<>();
    try (DirectoryStream<Path> trees = Files.newDirectoryStream(directory)) {
      for (Path tree : trees) {
        String name = String.valueOf(tree.getFileName());
        if (!name.startsWith(UNFINISHED)) {
          found.add(name);
        }
      }
    }
    return found;
  }

  /**
   * Takes a tree away, so that there is none of that name; the caller deletes what is returned.
   * Empty if there was none.
   */
  Optional<Path> take(String tree) throws IOException {
    try (NamedLocks<String>.Held held = names.lock(tree)) {
      Path unpacked = directory.resolve(tree);
      if (Files.notExists(unpacked)) {
        return Optional.empty();
      }
      return Optional.of(Files.move(unpacked, unfinished(), StandardCopyOption.ATOMIC_MOVE));
    }
  }
}
