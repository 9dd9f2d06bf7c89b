package io.github.ndocker.layer;

import java.util.Optional;

/**
 * In which of GNU's ways a file is sparse (GNU tar manual, "Storing Sparse Files").
 *
 * @param size bytes of the file
 * @param reader its map
 */
record SparseForm(long size, SparseMapReader reader) {
  /** A map that is in the header as a whole. */
  private record InHeader(SparseMap map) implements SparseMapReader {
    @Override
    public boolean wantsBlock() {
      return false;
    }

    @Override
    public void take(byte[] block) {
      throw new IllegalStateException("nothing is wanted");
    }

    @Override
    public boolean isInData() {
      return false;
    }
  }

  /** The form of an entry of the type S. */
  static SparseForm old(byte[] header, LayerLimits limits) throws MalformedLayerException {
    OldGnuSparseMap map = new OldGnuSparseMap(header, limits);
    return new SparseForm(map.size(), map);
  }

  /** The form that PAX records tell of, if they do. */
  static Optional<SparseForm> of(PaxRecords pax, long sizeInHeader, LayerLimits limits)
      throws MalformedLayerException {
    String major = pax.text("GNU.sparse.major").map(ByteString::toString).orElse("");
    String minor = pax.text("GNU.sparse.minor").map(ByteString::toString).orElse("");
    Optional<ByteString> map = pax.text(PaxRecords.SPARSE_MAP);
    long size = sizeInHeader;
    for (String key : new String[] {"GNU.sparse.realsize", "GNU.sparse.size"}) {
      size = pax.number(key).orElse(size);
    }
    return switch (major + "." + minor) {
      case "1.0" -> Optional.of(new SparseForm(size, new SparseText(limits)));
      case "0.0", "0.1" -> Optional.of(inHeader(pax, map.orElse(ByteString.EMPTY), size, limits));
      // these did not always name their version
      case "." ->
          map.isPresent() || pax.text("GNU.sparse.numblocks").isPresent()
              ? Optional.of(inHeader(pax, map.orElse(ByteString.EMPTY), size, limits))
              : Optional.empty();
      default ->
          throw new MalformedLayerException(
              "a sparse file of the version '" + major + "." + minor + "'");
    };
  }

  private static SparseForm inHeader(PaxRecords pax, ByteString text, long size, LayerLimits limits)
      throws MalformedLayerException {
    long count = pax.number("GNU.sparse.numblocks").orElse(0);
    limits.check(LayerLimit.SPARSE_EXTENTS, count);
    SparseMap map = new SparseMap(limits);
    int from = 0;
    for (long i = 0; i < count; i++) {
      int comma = text.indexOf((byte) ',', from);
      if (comma >= text.length()) {
        throw new MalformedLayerException("the map of a sparse file ends too early");
      }
      int end = text.indexOf((byte) ',', comma + 1);
      map.add(number(text, from, comma), number(text, comma + 1, end));
      from = end + 1;
    }
    if (from <= text.length() && !text.isEmpty()) {
      throw new MalformedLayerException("the map of a sparse file is longer than it says");
    }
    return new SparseForm(size, new InHeader(map));
  }

  private static long number(ByteString text, int from, int to) throws MalformedLayerException {
    return PaxRecords.number("GNU.sparse.map", text.slice(from, to));
  }
}
