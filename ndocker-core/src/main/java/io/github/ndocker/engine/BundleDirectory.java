package io.github.ndocker.engine;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The directory of one container's bundle and log. Closing removes it. */
record BundleDirectory(Path path) implements Closeable {
  static BundleDirectory create(Path parent, String id) throws IOException {
    return new BundleDirectory(Files.createDirectory(parent.resolve(id)));
  }

  @Override
  public void close() throws IOException {
    for (String file : List.of("config.json", "output.log")) {
      Files.deleteIfExists(path.resolve(file));
    }
    Files.deleteIfExists(path);
  }
}
