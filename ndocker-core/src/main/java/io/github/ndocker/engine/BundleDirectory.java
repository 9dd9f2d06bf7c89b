package io.github.ndocker.engine;

import io.github.ndocker.runtime.OciRuntime;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory of one container's bundle, volumes and log. Closing removes it. */
record BundleDirectory(Path path) implements Closeable {
  static BundleDirectory create(Path parent, String id) throws IOException {
    return new BundleDirectory(Files.createDirectory(parent.resolve(id)));
  }

  @Override
  public void close() throws IOException {
    OciRuntime.clear(path);
    Files.deleteIfExists(path);
  }
}
