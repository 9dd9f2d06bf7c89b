package io.github.ndocker.layer;

/**
 * What a layer can have too much of, each checked before memory or a medium is spent on it.
 *
 * <p>The defaults are more than any image seen in the wild has, and less than what hurts.
 */
public enum LayerLimit {
  /** Bytes of the uncompressed tar. */
  TAR_BYTES("bytes in its tar", 1L << 40),
  /** Entries of the tar. */
  ENTRIES("entries", 2_000_000),
  /** Bytes of one path; Linux itself takes 4,095. */
  PATH_BYTES("bytes in one path", 4095),
  /** Bytes of one link target; Linux itself takes 4,095. */
  LINK_BYTES("bytes in one link target", 4095),
  /** Components of one path. */
  DEPTH("components in one path", 2048),
  /** Bytes of one PAX header. Go's tar reader takes as many. */
  PAX_BYTES("bytes in one PAX header", 1 << 20),
  /** Bytes of one long name or long link of GNU. */
  GNU_BYTES("bytes in one GNU header", 1 << 20),
  /** Bytes of the names and values of one entry's extended attributes; EROFS stores 262,136. */
  XATTR_BYTES("bytes of extended attributes on one entry", 192 << 10),
  /** Stretches of data in one sparse file. */
  SPARSE_EXTENTS("stretches of data in one sparse file", 1 << 16),
  /** Bytes that the sparse files of a layer cost in indexes and metadata. */
  SPARSE_COST_BYTES("bytes of metadata for sparse files", 256 << 20),
  /** Bytes of one file as it is read, holes included. */
  FILE_BYTES("bytes in one file", 1L << 42),
  /** Bytes of all files as they are read, holes included. */
  CONTENT_BYTES("bytes in all files", 1L << 44),
  /** Bytes of all paths, link targets and extended attributes together. */
  INDEX_BYTES("bytes of paths and attributes", 512L << 20),
  /**
   * Bytes of the tar up to which a compressed layer may inflate by any factor: small layers of
   * zeros are common.
   */
  INFLATION_FLOOR_BYTES("bytes inflated by any factor", 1L << 30),
  /**
   * Bytes of the tar for each compressed byte beyond that. Programs and texts inflate to three to
   * ten times their size, preallocated files of databases to some dozens; only zeros reach the
   * 1,032 that deflate can do at most, or the 30,000 of Zstandard.
   */
  INFLATION_RATIO("bytes for each compressed one", 200);

  private final String what;
  private final long byDefault;

  LayerLimit(String what, long byDefault) {
    this.what = what;
    this.byDefault = byDefault;
  }

  /** What is counted, as it reads after a number. */
  String what() {
    return what;
  }

  long byDefault() {
    return byDefault;
  }
}
