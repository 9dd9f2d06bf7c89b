package io.github.ndocker.layer;

/**
 * What a path says about the layers below (OCI image specification, "Whiteouts").
 *
 * @param kind what it does
 * @param parent the directory it is in
 * @param hidden the name it hides, for {@link Kind#HIDES}
 */
record Whiteout(Kind kind, ByteString parent, ByteString hidden) {
  private static final ByteString PREFIX = ByteString.utf8(".wh.");
  private static final ByteString META = ByteString.utf8(".wh..wh.");
  private static final ByteString OPAQUE = ByteString.utf8(".wh..wh..opq");
  private static final Whiteout NONE = new Whiteout(Kind.NONE, ByteString.EMPTY, ByteString.EMPTY);

  enum Kind {
    /** An ordinary path. */
    NONE,
    /** Hides one name. */
    HIDES,
    /** Hides all of a directory. */
    OPAQUE,
    /** What AUFS kept for itself; container engines skip it. */
    IGNORED
  }

  static Whiteout of(ByteString path) throws MalformedLayerException {
    for (int from = 0; from < path.length(); ) {
      int to = path.indexOf((byte) '/', from);
      if (begins(path, from, PREFIX)) {
        return of(path, from, to);
      }
      from = to + 1;
    }
    return NONE;
  }

  private static Whiteout of(ByteString path, int from, int to) throws MalformedLayerException {
    ByteString parent = path.slice(0, Math.max(0, from - 1));
    ByteString name = path.slice(from, to);
    if (name.equals(OPAQUE) && to == path.length()) {
      return new Whiteout(Kind.OPAQUE, parent, ByteString.EMPTY);
    }
    if (name.startsWith(META)) {
      return new Whiteout(Kind.IGNORED, parent, ByteString.EMPTY);
    }
    ByteString hidden = name.slice(PREFIX.length(), name.length());
    String text = hidden.toString();
    if (to < path.length() || text.isEmpty() || text.equals(".") || text.equals("..")) {
      throw new MalformedLayerException("'" + path + "' is no whiteout of anything");
    }
    return new Whiteout(Kind.HIDES, parent, hidden);
  }

  private static boolean begins(ByteString path, int from, ByteString prefix) {
    if (path.length() - from < prefix.length()) {
      return false;
    }
    for (int i = 0; i < prefix.length(); i++) {
      if (path.at(from + i) != prefix.at(i)) {
        return false;
      }
    }
    return true;
  }
}
