package io.github.ndocker.engine;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** Directories and files that only their owner can read, and that are whole or not there. */
final class PrivateFiles {
  private static final String TEMPORARY = ".new-";

  private PrivateFiles() {}

  /** What is written to a file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Makes a directory if it is missing, and removes what a crash left half-written in it. */
  static Path sweptDirectory(Path path) throws IOException {
    directory(path);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(path, TEMPORARY + "*")) {
      for (Path file : left) {
        Files.delete(file);
      }
    }
    return path;
  }

  /** Lets everybody go through a directory, but not see what is in it. */
  static void letOthersSearch(Path directory) throws IOException {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx--x--x"));
  }

  /** A new file, whose name {@link #sweptDirectory} knows. */
  static Path temporary(Path directory) throws IOException {
    return Files.createTempFile(directory, TEMPORARY, null);
  }

  static Path directory(Path path) throws IOException {
    return Files.createDirectories(
        path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
  }

  /** Writes a file beside its place, forces it, and moves it into place. */
  static void replace(Path file, Content content) throws IOException {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(file + " is not a file in a directory");
    }
    Path temporary = temporary(parent);
    try {
      try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE);
          OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16)) {
        content.writeTo(out);
        out.flush();
        channel.force(true);
      }
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel directory = FileChannel.open(parent, Set.of(StandardOpenOption.READ))) {
      directory.force(true);
    }
  }
}
