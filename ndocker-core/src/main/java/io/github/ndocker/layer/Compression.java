package io.github.ndocker.layer;

/** What a tar is wrapped in, told by how it begins. */
public enum Compression {
  /** Nothing: a plain tar, or something else altogether. */
  NONE,
  /** gzip (RFC 1952). */
  GZIP(0x1f, 0x8b),
  /** Zstandard (RFC 8878). */
  ZSTANDARD(0x28, 0xb5, 0x2f, 0xfd);

  /** So many bytes are enough to tell. */
  public static final int MAGIC_BYTES = 4;

  private final String magic;

  Compression(int... magic) {
    this.magic = new String(magic, 0, magic.length);
  }

  /**
   * Tells what something is wrapped in.
   *
   * @param begin its first {@link #MAGIC_BYTES} bytes, or all if it has fewer
   * @return what it begins like
   */
  public static Compression of(byte[] begin) {
    if (GZIP.begins(begin)) {
      return GZIP;
    }
    return ZSTANDARD.begins(begin) ? ZSTANDARD : NONE;
  }

  private boolean begins(byte[] bytes) {
    if (bytes.length < magic.length()) {
      return false;
    }
    for (int i = 0; i < magic.length(); i++) {
      if ((bytes[i] & 0xff) != magic.charAt(i)) {
        return false;
      }
    }
    return true;
  }
}
