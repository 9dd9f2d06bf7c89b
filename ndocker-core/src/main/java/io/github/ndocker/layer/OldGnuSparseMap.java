package io.github.ndocker.layer;

/**
 * The map of an entry of the type S (GNU tar manual, "Basic Tar Format"): four stretches in the
 * header, and 21 in each block that follows.
 */
final class OldGnuSparseMap implements SparseMapReader {
  private static final int IN_HEADER = 4;
  private static final int HEADER_AT = 386;
  private static final int HEADER_GOES_ON = 482;
  private static final int REAL_SIZE = 483;
  private static final int IN_BLOCK = 21;
  private static final int BLOCK_GOES_ON = 504;
  private static final int FIELD = 12;

  private final SparseMap map;
  private final long size;
  private boolean goesOn;

  OldGnuSparseMap(byte[] header, LayerLimits limits) throws MalformedLayerException {
    map = new SparseMap(limits);
    size = TarNumber.parse(header, REAL_SIZE, FIELD, "realsize");
    add(header, HEADER_AT, IN_HEADER);
    goesOn = header[HEADER_GOES_ON] != 0;
  }

  /** Bytes of the file. */
  long size() {
    return size;
  }

  @Override
  public boolean wantsBlock() {
    return goesOn;
  }

  @Override
  public void take(byte[] block) throws MalformedLayerException {
    add(block, 0, IN_BLOCK);
    goesOn = block[BLOCK_GOES_ON] != 0;
  }

  @Override
  public boolean isInData() {
    return false;
  }

  @Override
  public SparseMap map() {
    return map;
  }

  private void add(byte[] block, int from, int count) throws MalformedLayerException {
    for (int i = 0; i < count; i++) {
      int at = from + 2 * FIELD * i;
      // where the archivers of GNU and BSD stop, too
      if (block[at] == 0) {
        return;
      }
      map.add(
          TarNumber.parse(block, at, FIELD, "offset"),
          TarNumber.parse(block, at + FIELD, FIELD, "numbytes"));
    }
  }
}
