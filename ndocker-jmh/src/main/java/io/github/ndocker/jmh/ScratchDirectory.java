package io.github.ndocker.jmh;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * A new directory that goes, with all it holds, when it is closed, or at the latest when the JVM
 * exits: JMH tears nothing down after a benchmark that failed. Closing twice is harmless.
 */
final class ScratchDirectory implements Closeable {
  private final Path path;

  private ScratchDirectory(Path path) {
    this.path = path;
  }

  /** Makes one where the JVM puts temporary files. */
  static ScratchDirectory create() throws IOException {
    return createIn(Path.of(System.getProperty("java.io.tmpdir", "/tmp")));
  }

  static ScratchDirectory createIn(Path parent) throws IOException {
    ScratchDirectory created =
        new ScratchDirectory(Files.createTempDirectory(parent, "ndocker-benchmark-"));
    Runtime.getRuntime().addShutdownHook(new Thread(created::closeOnExit));
    return created;
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    if (Files.exists(path)) {
      Files.walkFileTree(path, new Removal());
    }
  }

  private void closeOnExit() {
    try {
      close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes files, and then the directories that held them. */
  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
        throws IOException {
      if (failure != null) {
        throw failure;
      }
      Files.delete(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
