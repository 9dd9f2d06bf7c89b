package io.github.ndocker.layer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** Paths as archives write them, made into paths that cannot leave the root directory. */
final class EntryPath {
  /** NAME_MAX of Linux, and what a directory of EROFS can hold. */
  private static final int MAX_NAME = 255;

  private static final ByteString PARENT = ByteString.utf8("..");

  private EntryPath() {}

  /**
   * Drops empty components and {@code .}, and with them slashes at the ends, and takes {@code ..}
   * for what it says as text, but for the parent of the root directory, which is itself: so do
   * containerd and umoci.
   *
   * @throws MalformedLayerException if a component is too long or has a NUL
   */
  static ByteString normalise(ByteString raw) throws MalformedLayerException {
    if (raw.isEmpty()) {
      throw new MalformedLayerException("an entry without a path");
    }
    if (isNormal(raw)) {
      return raw;
    }
    Deque<ByteString> way = new ArrayDeque<>();
    for (ByteString component : components(raw)) {
      if (component.equals(PARENT)) {
        way.pollLast();
      } else {
        way.addLast(component);
      }
    }
    return joined(way);
  }

  /** Whether nothing is to be done. Checks the components. */
  private static boolean isNormal(ByteString raw) throws MalformedLayerException {
    boolean normal = raw.at(raw.length() - 1) != '/';
    for (int from = 0; from < raw.length(); ) {
      int to = raw.indexOf((byte) '/', from);
      check(raw, from, to);
      boolean dots = to == from + 2 && raw.at(from) == '.' && raw.at(from + 1) == '.';
      normal &= !dots && !isSkipped(raw, from, to);
      from = to + 1;
    }
    return normal;
  }

  private static ByteString joined(Deque<ByteString> way) {
    int length = Math.max(0, way.size() - 1);
    for (ByteString component : way) {
      length += component.length();
    }
    byte[] path = new byte[length];
    int at = 0;
    for (ByteString component : way) {
      for (int i = 0; i < component.length(); i++) {
        path[at++] = component.at(i);
      }
      if (at < length) {
        path[at++] = '/';
      }
    }
    return ByteString.wrap(path);
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

  /** How many components a normalised path has. */
  static int depth(ByteString path) {
    int depth = path.isEmpty() ? 0 : 1;
    for (int at = path.indexOf((byte) '/', 0); at < path.length(); ) {
      depth++;
      at = path.indexOf((byte) '/', at + 1);
    }
    return depth;
  }

  private static boolean isSkipped(ByteString path, int from, int to) {
    return to == from || (to == from + 1 && path.at(from) == '.');
  }

  private static void check(ByteString raw, int from, int to) throws MalformedLayerException {
    if (to - from > MAX_NAME) {
      throw new MalformedLayerException(
          "a name of " + (to - from) + " bytes in a path; Linux allows " + MAX_NAME);
    }
    if (raw.indexOf((byte) 0, from) < to) {
      throw new MalformedLayerException("the path '" + raw + "' has a NUL in it");
    }
  }
}
