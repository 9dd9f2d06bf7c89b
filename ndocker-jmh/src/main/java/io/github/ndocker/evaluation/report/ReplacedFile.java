package io.github.ndocker.evaluation.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Files that are there wholly, old or new, also when the JVM ends while they are written. */
public final class ReplacedFile {
  /** Ends the names of files that are not complete. */
  public static final String INCOMING = ".incoming";

  private ReplacedFile() {}

  /** Writes a file, in the place of an older one. */
  public static void write(Path file, byte[] content) throws IOException {
    Path incoming = file.resolveSibling(file.getFileName() + INCOMING);
    Files.write(incoming, content);
    Files.move(incoming, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
