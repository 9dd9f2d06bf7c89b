package io.github.ndocker.layer;

import java.util.ArrayList;
import java.util.List;

/** Paths as archives write them, made into paths that cannot leave the root directory. */
final class EntryPath {
  /** NAME_MAX of Linux, and what a directory of EROFS can hold. */
  private static final int MAX_NAME = 255;

  private EntryPath() {}

  /**
   * Drops empty components and {@code .}, and with them slashes at the ends.
   *
   * @throws MalformedLayerException if a component is {@code ..}, too long or has a NUL
   */
  static ByteString normalise(ByteString raw) throws MalformedLayerException {
    if (raw.isEmpty()) {
      throw new MalformedLayerException("an entry without a path");
    }
    byte[] clean = new byte[raw.length()];
    int length = 0;
    for (int from = 0; from < raw.length(); ) {
      int to = raw.indexOf((byte) '/', from);
      if (!isSkipped(raw, from, to)) {
        check(raw, from, to);
        if (length > 0) {
          clean[length++] = '/';
        }
        for (int i = from; i < to; i++) {
          clean[length++] = raw.at(i);
        }
      }
      from = to + 1;
    }
    return ByteString.of(clean, 0, length);
  }

  /** The components of a path; empty ones and {@code .} are dropped. */
  static List<ByteString> components(ByteString path) {
    List<ByteString> components = new ArrayList<>();
    for (int from = 0; from < path.length(); ) {
      int to = path.indexOf((byte) '/', from);
      if (!isSkipped(path, from, to)) {
        components.add(path.slice(from, to));
      }
      from = to + 1;
    }
    return components;
  }

  private static boolean isSkipped(ByteString path, int from, int to) {
    return to == from || (to == from + 1 && path.at(from) == '.');
  }

  private static void check(ByteString raw, int from, int to) throws MalformedLayerException {
    if (to == from + 2 && raw.at(from) == '.' && raw.at(from + 1) == '.') {
      throw new MalformedLayerException("the path '" + raw + "' has a component '..'");
    }
    if (to - from > MAX_NAME) {
      throw new MalformedLayerException(
          "a name of " + (to - from) + " bytes in a path; Linux allows " + MAX_NAME);
    }
    if (raw.indexOf((byte) 0, from) < to) {
      throw new MalformedLayerException("the path '" + raw + "' has a NUL in it");
    }
  }
}
