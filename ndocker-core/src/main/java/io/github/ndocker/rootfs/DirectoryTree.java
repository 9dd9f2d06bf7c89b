package io.github.ndocker.rootfs;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Removes directories that this process made, whatever a container has put into them: it may nest
 * directories deeper than a path can name.
 */
final class DirectoryTree {
  /** Well below PATH_MAX, and a bound for the directories that are open at a time. */
  private static final int DEEP_BYTES = 512;

  private DirectoryTree() {}

  /** Removes a directory and what is in it, following no link; does nothing if it is not there. */
  static void delete(Path directory) throws IOException {
    if (Files.notExists(directory)) {
      return;
    }
    Deletion deletion;
    do {
      deletion = new Deletion(directory);
      Files.walkFileTree(directory, deletion);
    } while (deletion.broughtUp);
  }

  /** Deletes what it meets, and brings up what is deep; the directory itself goes with the last. */
  private static final class Deletion extends SimpleFileVisitor<Path> {
    private final Path directory;
    private boolean broughtUp;

    Deletion(Path directory) {
      this.directory = directory;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path visited, BasicFileAttributes attributes)
        throws IOException {
      if (visited.toString().length() - directory.toString().length() <= DEEP_BYTES) {
        return FileVisitResult.CONTINUE;
      }
      Files.move(visited, directory.resolve(UUID.randomUUID().toString()));
      broughtUp = true;
      return FileVisitResult.SKIP_SUBTREE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
      if (e instanceof NoSuchFileException) {
        return FileVisitResult.CONTINUE;
      }
      throw e;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException e)
        throws IOException {
      if (e != null) {
        throw e;
      }
      if (!visited.equals(directory) || !broughtUp) {
        Files.delete(visited);
      }
      return FileVisitResult.CONTINUE;
    }
  }
}
