package io.github.ndocker.linux;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The files that this process has open. */
public final class OpenFiles {
  private OpenFiles() {}

  /** In the order of their paths; the name of a deleted one ends so: {@code " (deleted)"}. */
  public static List<Path> below(Path directory) throws IOException {
    List<Path> open = new ArrayList<>();
    Path real = directory.toRealPath();
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
      for (Path descriptor : descriptors) {
        try {
          Path file = Files.readSymbolicLink(descriptor);
          if (file.startsWith(real)) {
            open.add(file);
          }
        } catch (NoSuchFileException e) {
          // another thread has closed it
        }
      }
    }
    Collections.sort(open);
    return open;
  }
}
