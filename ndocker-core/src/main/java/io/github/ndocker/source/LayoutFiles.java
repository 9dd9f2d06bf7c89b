package io.github.ndocker.source;

import java.io.IOException;

/** Files by their paths below a root, which they never leave. Thread-safe. */
interface LayoutFiles {
  /** What a person knows all of it by. */
  String name();

  /**
   * Opens a file.
   *
   * @param path components joined by slashes
   * @throws MalformedSourceException if there is none, or it is no regular file
   */
  SizedStream open(String path) throws IOException;

  /** A small file, whole. */
  default byte[] read(String path, int limit) throws IOException {
    try (SizedStream file = open(path)) {
      if (file.size() > limit) {
        throw new MalformedSourceException(
            name(),
            path + " has " + file.size() + " bytes, of which at most " + limit + " are read");
      }
      byte[] bytes = file.bytes().readNBytes((int) file.size());
      if (bytes.length < file.size()) {
        throw new MalformedSourceException(
            name(), path + " ends after " + bytes.length + " of " + file.size() + " bytes");
      }
      return bytes;
    }
  }
}
