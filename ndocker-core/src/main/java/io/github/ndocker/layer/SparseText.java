package io.github.ndocker.layer;

/**
 * The map of GNU's sparse format 1.0 (GNU tar manual, "PAX Format, Version 1.0"): decimal numbers,
 * each with a line end, in blocks before the data. The first one says how many stretches follow.
 */
final class SparseText implements SparseMapReader {
  private static final int MAX_DIGITS = 19;

  private final LayerLimits limits;
  private final SparseMap map;
  private long wanted = -1;
  private long number;
  private int digits;
  private long offset = -1;

  SparseText(LayerLimits limits) {
    this.limits = limits;
    this.map = new SparseMap(limits);
  }

  @Override
  public boolean wantsBlock() {
    return wanted != 0;
  }

  @Override
  public void take(byte[] block) throws MalformedLayerException {
    for (int i = 0; i < block.length && wantsBlock(); i++) {
      if (block[i] == '\n' && digits > 0) {
        finishNumber();
      } else if (block[i] >= '0' && block[i] <= '9' && digits < MAX_DIGITS) {
        number = number * 10 + (block[i] - '0');
        digits++;
      } else {
        throw new MalformedLayerException("the map of a sparse file is no list of numbers");
      }
    }
  }

  @Override
  public boolean isInData() {
    return true;
  }

  @Override
  public SparseMap map() {
    return map;
  }

  private void finishNumber() throws MalformedLayerException {
    // nineteen digits may be more than a long holds
    if (number < 0) {
      throw new MalformedLayerException("a sparse file has a number of more than 63 bits");
    }
    if (wanted < 0) {
      limits.check(LayerLimit.SPARSE_EXTENTS, number);
      wanted = number;
    } else if (offset < 0) {
      offset = number;
    } else {
      map.add(offset, number);
      offset = -1;
      wanted--;
    }
    number = 0;
    digits = 0;
  }
}
